-- `difkit audit` on the command line: what it prints, writes, and ends with.
local support = dofile "tests/cli/support.lua"
local run, write, read = support.run, support.write, support.read
local decode = require("difkit").json.decode

describe("difkit audit", function()
   local folder, remove, spec

   before_each(function()
      folder, remove = support.folder()
      spec = folder .. "/readiness.yaml"
      write(spec, "id: readiness\ntitle: Readiness\nunits: ASEAN\nperiod: 2022\nchildren: [osi, tii, hci]\n")
   end)
   after_each(function() remove() end)

   it("prints the verdict of ten units without claiming much", function()
      local result = run("audit", spec)
      assert.equal(0, result.status, result.err)
      assert.equal("Self-assessment along the steps of a JRC audit", result.out:match "^[^\n]+")
      assert.truthy(result.out:find("\nReadiness, 10 units, 3 indicators\n", 1, true))
      assert.truthy(result.out:find("\n0 findings, ", 1, true))
      assert.truthy(result.out:find("osi and hci in readiness say nearly the same: r = 0.936", 1, true))
      assert.equal(result.out, run("audit", spec).out)
   end)

   it("writes a page, Markdown, a workbook and JSON", function()
      local result = run("audit", spec, "--out", folder .. "/out")
      assert.equal(0, result.status, result.err)
      for _, ending in ipairs {"html", "md", "xlsx", "json"} do
         assert.truthy(support.exists(folder .. "/out/audit." .. ending), ending)
      end
      assert.equal(read(folder .. "/out/audit.json"), run("audit", spec, "--json").out)
      assert.truthy(read(folder .. "/out/audit.json"):find('"schema": "difkit-audit-1"', 1, true))
      assert.truthy(read(folder .. "/out/audit.md"):find("cannot be judged from 10 units", 1, true))
      local pages = {read(folder .. "/out/audit.html"), read(folder .. "/out/audit.xlsx")}
      assert.equal(0, run("audit", spec, "--out", folder .. "/out").status)
      assert.equal(pages[1], read(folder .. "/out/audit.html"))
      assert.equal(pages[2], read(folder .. "/out/audit.xlsx"))
   end)

   it("writes documents besides, where they are asked for", function()
      local result = run("audit", spec, "--out", folder .. "/out", "--also", "docx")
      assert.equal(0, result.status, result.err)
      assert.equal("wrote audit.html, audit.md, audit.xlsx, audit.json, audit.docx\n", result.out)
      assert.equal("PK", read(folder .. "/out/audit.docx"):sub(1, 2))
      result = run("audit", spec, "--out", folder .. "/out", "--also", "dox")
      assert.equal(2, result.status)
      assert.truthy(result.err:find('audit: --also knows no "dox"', 1, true), result.err)
      result = run("audit", spec, "--also", "pdf")
      assert.equal(2, result.status)
      assert.truthy(result.err:find("audit: --also goes with --out", 1, true), result.err)
   end)

   it("ends with 1 when something named is found", function()
      local data = folder .. "/data.csv"
      write(data, "unit,osi,tii,hci\nA,1,2,9\nB,3,4,\nC,4,6,\nD,5,5,7\nE,7,9,\n")
      write(spec, "id: readiness\nchildren: [osi, tii, {id: hci, direction: -1}]\n")
      local result = run("audit", spec, "--data", data, "--fail-on", "coverage")
      assert.equal(1, result.status, result.err)
      assert.truthy(result.out:find("hci has 2 of 5 values (40 %)", 1, true))
      assert.equal(0, run("audit", spec, "--data", data, "--fail-on", "near-constant,sentinel").status)
      result = run("audit", spec, "--data", data, "--fail-on", "coverag")
      assert.equal(2, result.status)
      assert.truthy(result.err:find('audit: --fail-on knows no "coverag"', 1, true))
      assert.truthy(result.err:find('did you mean "coverage"?', 1, true))
   end)

   it("knows every code that a finding may have", function()
      local codes, listing = {}, assert(io.popen "cat scripts/difkit/audit/*.lua")
      for code in listing:read "a":gmatch 'code = "([%l_]+)", subject' do codes[code] = true end
      listing:close()
      -- These are only ever said, or say that something cannot be judged.
      for _, code in ipairs {"trade_off", "not_varied", "added_value", "sobol", "frontier_zero"} do
         assert.is_true(codes[code], code)
         codes[code] = nil
      end
      local list = {}
      for code in pairs(codes) do list[#list + 1] = code end
      assert.is_true(#list >= 23, #list)
      local result = run("audit", spec, "--fail-on", table.concat(list, ","))
      assert.equal(1, result.status, result.err)
      assert.equal("", result.err)
   end)

   it("compares a spec with the file of an earlier audit", function()
      local before = folder .. "/before.json"
      write(before, run("audit", spec, "--json").out)
      assert.truthy(run("audit", "--compare", before, spec).out:find("The findings are the same.", 1, true))
      write(spec, "id: readiness\nunits: ASEAN\nperiod: 2022\nchildren: [osi, tii, {id: hci, weight: 3}]\n")
      local result = run("audit", "--compare", before, spec)
      assert.equal(0, result.status, result.err)
      -- Ranks of the two indices: 4 units move by one place, 0.4 on average over ten.
      assert.truthy(result.out:find("10 units before, 10 after, 10 in both", 1, true))
      assert.truthy(result.out:find("mean shift 0.40 places, at most 1.", 1, true))
      -- Each figure that differs, with both values: the weight of hci is 1/3 before and 3/5 after.
      local made = decode(run("audit", "--compare", before, spec, "--json").out)
      local weight
      for _, row in ipairs(made.figures) do
         if row.table == "tree" and row.row == "hci" and row.figure == "weight" then weight = row end
         assert.truthy(row.before ~= row.after, row.table .. " " .. row.row)
      end
      assert.is_true(math.abs(weight.before - 1 / 3) < 1e-9 and math.abs(weight.after - 0.6) < 1e-9)
      assert.is_true(math.abs(weight.change - (0.6 - 1 / 3)) < 1e-9)
      assert.equal(#made.figures, made.summary.figures_changed)
      assert.truthy(result.out:find(("\n%d of %d figures differ; --json lists them"):format(#made.figures,
         made.summary.figures), 1, true), result.out)
      assert.equal("wrote comparison.xlsx\n", run("audit", "--compare", before, spec, "--out", folder .. "/c").out)
      assert.truthy(support.exists(folder .. "/c/comparison.xlsx"))
      write(spec, "id: readiness\nunits: [SGP, MYS, THA, VNM, IDN]\nperiod: 2022\nchildren: [osi, tii, hci]\n")
      result = run("audit", "--compare", before, spec)
      assert.truthy(result.out:find("10 units before, 5 after, 5 in both", 1, true), result.out)
      assert.truthy(result.out:find("\nGone: BRN, KHM, LAO, MMR, PHL.\n", 1, true), result.out)
      write(spec, "id: readiness\nunits: ASEAN\nperiod: 2022\nchildren: [osi, tii]\n")
      result = run("audit", "--compare", before, spec)
      assert.truthy(result.out:find("\ngone\n", 1, true))
      assert.truthy(result.out:find("osi and hci in readiness say nearly the same", 1, true))
      result = run("audit", "--compare", before, spec, "--json")
      assert.truthy(result.out:find('"schema": "difkit-audit-comparison-1"', 1, true))
   end)

   it("refuses to compare what is no audit, or of a later shape", function()
      assert.truthy(run("audit", "--compare", spec).err:find("--compare needs two audits", 1, true))
      local other = folder .. "/other.json"
      for text, message in pairs {['{"schema": "difkit-audit-9"}'] = "the shape difkit-audit-9, which this version",
         ["[]"] = "holds no audit", ["{"] = "other.json: "} do
         write(other, text)
         local result = run("audit", "--compare", other, spec)
         assert.truthy(result.status == 2 or result.status == 5, result.status)
         assert.truthy(result.err:find(message, 1, true), result.err)
      end
   end)

   it("shows answers beside findings, and marks those whose figure has moved", function()
      local answers = folder .. "/answers.yaml"
      write(answers, "- {code: undescribed, subject: readiness, reply: accepted, reason: to come, "
         .. "by: the team, figure: 2}\n- {code: collinear, subject: osi+hci, reply: disputed, "
         .. "reason: both count, figure: 0.936}\n"
         .. "- {code: coverage, subject: VNM, reply: deferred}\n")
      local result = run("audit", spec, "--answers", answers, "--out", folder .. "/out")
      assert.equal(0, result.status, result.err)
      local text = read(folder .. "/out/audit.md")
      assert.truthy(text:find("stale, the figure has moved: accepted: to come (the team)", 1, true))
      assert.truthy(text:find("| disputed: both count |", 1, true))
      assert.truthy(text:find("no finding any more: coverage VNM.", 1, true))
      -- The next year they come from the JSON of this one; what has no figure of its own has that of the finding.
      write(answers, "- {code: undescribed, subject: readiness, reply: deferred, reason: to come}\n")
      assert.equal(0, run("audit", spec, "--answers", answers, "--out", folder .. "/first").status)
      write(spec, "id: readiness\nunits: ASEAN\nperiod: 2022\nchildren: [osi, tii]\n")
      result = run("audit", spec, "--answers", folder .. "/first/audit.json", "--out", folder .. "/second")
      assert.equal(0, result.status, result.err)
      assert.truthy(read(folder .. "/second/audit.md"):find("stale, the figure has moved: deferred: to come", 1, true))
      write(answers, "- {code: coverage, subject: VNM, reply: no}\n")
      result = run("audit", spec, "--answers", answers)
      assert.equal(2, result.status)
      assert.truthy(result.err:find("answers.yaml, answer 1", 1, true), result.err)
   end)

   it("names what cannot be read", function()
      local result = run("audit", folder .. "/none.yaml")
      assert.equal(5, result.status)
      assert.truthy(result.err:find("none.yaml: No such file or directory", 1, true))
   end)

   it("writes an R script that computes its figures again, and tells when they differ", function()
      local data = folder .. "/d.csv"
      local rows, state = {"unit,a,b,c,d"}, 7
      for u = 1, 25 do
         local cells = {"U" .. u}
         for i = 1, 4 do
            state = state * 48271 % 2147483647
            cells[i + 1] = (u + i * 3 == 20) and "" or tostring(u + state % 17)
         end
         rows[#rows + 1] = table.concat(cells, ",")
      end
      write(data, table.concat(rows, "\n") .. "\n")
      write(spec, "id: top\ndata: d.csv\nchildren:\n  - {id: g, children: [a, b]}\n"
         .. "  - {id: h, weight: 2, children: [c, {id: d, direction: -1}]}\n")
      local script = folder .. "/again.R"
      local result = run("audit", spec, "--r-script", script)
      assert.equal(0, result.status, result.err)
      local text = read(script)
      assert.truthy(text:find("psych: not run", 1, true) and text:find("COINr: not run", 1, true))
      assert.equal(0, run("run", "publish", "--spec", spec, "--runs", "50", "--out", folder .. "/site").status)
      if not os.execute "command -v Rscript >/dev/null" then
         pending "the script is run where R is there (r-base-core)"
         return
      end
      local function r(path)
         local pipe = io.popen("Rscript '" .. path .. "' '" .. folder .. "/site/data' 2>&1; echo status $?")
         local said = pipe:read "a"
         pipe:close()
         return said
      end
      local said = r(script)
      assert.truthy(said:find("All figures agree to 1e-8.", 1, true), said)
      assert.truthy(said:find("differ by at most 0", 1, true), said)
      assert.truthy(said:find "\nr_rest +%d+ ", said)
      assert.truthy(said:find "\nscore +%d+ ", said)
      -- One figure is changed: the script says so.
      local before = text:match "difkit = c%(([^,]+),"
      write(script, (text:gsub("difkit = c%([^,]+,", "difkit = c(" .. tonumber(before) + 0.001 .. ",", 1)))
      said = r(script)
      assert.truthy(said:find("FIGURES DIFFER", 1, true), said)
      assert.truthy(said:find("status 1", 1, true), said)
   end)
end)
