-- luacheck: no max line length (which is counted in bytes)
-- Words in scripts that are written without spaces between them: each labelled word is found in the sentences that have it,
-- and in no others. The sentences are about trade and digital services and were written for this test.
local difkit = require "difkit"
local core = require "difkit.core"

--- By script: sentences, and words with the numbers of the sentences in which each stands.
local labelled = {
   Thai = {
      sentences = {
         "ส่งเสริมเศรษฐกิจดิจิทัลในภูมิภาค", "คุ้มครองข้อมูลส่วนบุคคลของผู้บริโภค", "พัฒนาทักษะดิจิทัลของผู้ประกอบการรายย่อย",
         "อำนวยความสะดวกทางการค้าข้ามพรมแดน", "ระบบชำระเงินที่ปลอดภัยใน ASEAN",
      },
      words = {
         ["เศรษฐกิจ"] = {1}, ["ดิจิทัล"] = {1, 3}, ["ภูมิภาค"] = {1}, ["ข้อมูล"] = {2}, ["ส่วนบุคคล"] = {2}, ["ผู้บริโภค"] = {2},
         ["ทักษะ"] = {3}, ["ผู้ประกอบการ"] = {3}, ["การค้า"] = {4}, ["พรมแดน"] = {4}, ["ชำระเงิน"] = {5}, ["ปลอดภัย"] = {5},
         ["ใน"] = {1, 5}, ["ค้า"] = {4}, ["ผู้"] = {2, 3},
      },
   },
   Lao = {
      sentences = {
         "ສົ່ງເສີມເສດຖະກິດດິຈິຕອນ", "ປົກປ້ອງຂໍ້ມູນສ່ວນບຸກຄົນ", "ພັດທະນາທັກສະດິຈິຕອນ", "ອຳນວຍຄວາມສະດວກທາງການຄ້າ",
      },
      words = {
         ["ເສດຖະກິດ"] = {1}, ["ດິຈິຕອນ"] = {1, 3}, ["ຂໍ້ມູນ"] = {2}, ["ບຸກຄົນ"] = {2}, ["ທັກສະ"] = {3}, ["ການຄ້າ"] = {4},
         ["ຄ້າ"] = {4}, ["ທາງ"] = {4},
      },
   },
   Khmer = {
      sentences = {
         "ជំរុញសេដ្ឋកិច្ចឌីជីថល", "ការពារទិន្នន័យផ្ទាល់ខ្លួន", "អភិវឌ្ឍជំនាញឌីជីថល", "សម្រួលពាណិជ្ជកម្មឆ្លងដែន",
      },
      words = {
         ["សេដ្ឋកិច្ច"] = {1}, ["ឌីជីថល"] = {1, 3}, ["ទិន្នន័យ"] = {2}, ["ការពារ"] = {2}, ["ជំនាញ"] = {3},
         ["ពាណិជ្ជកម្ម"] = {4}, ["ដែន"] = {4}, ["ការ"] = {2},
      },
   },
   Burmese = {
      sentences = {
         "ဒစ်ဂျစ်တယ်စီးပွားရေးကိုမြှင့်တင်ရန်", "ကိုယ်ရေးအချက်အလက်ကိုကာကွယ်ရန်", "ဒစ်ဂျစ်တယ်ကျွမ်းကျင်မှုဖွံ့ဖြိုးရေး", "နယ်စပ်ဖြတ်ကျော်ကုန်သွယ်ရေး",
      },
      words = {
         ["ဒစ်ဂျစ်တယ်"] = {1, 3}, ["စီးပွားရေး"] = {1}, ["အချက်အလက်"] = {2}, ["ကာကွယ်"] = {2}, ["ကျွမ်းကျင်မှု"] = {3},
         ["ကုန်သွယ်ရေး"] = {4}, ["နယ်စပ်"] = {4}, ["ကို"] = {1, 2},
      },
   },
}

local scripts = {"Burmese", "Khmer", "Lao", "Thai"}

--- A framework whose actions are the sentences: THAI.1, THAI.2, …; and one in English.
local function folder()
   local pipe = assert(io.popen "mktemp -d")
   local path = pipe:read "l"
   pipe:close()
   local lines = {
      "framework: {id: scripts, title: Scripts}", "areas: [{id: A, number: 1, title: A, topics: [{id: t, title: T}]}]",
      "document: {id: D, title: D}", "actions:", "  t:",
      '    - {id: ENGLISH.1, number: 1, text: "Safe payment systems in ASEAN"}',
   }
   for _, script in ipairs(scripts) do
      for i, sentence in ipairs(labelled[script].sentences) do
         lines[#lines + 1] = ('    - {id: %s.%d, number: %d, text: "%s"}'):format(script:upper(), i, #lines, sentence)
      end
   end
   local file = assert(io.open(path .. "/scripts.yaml", "wb"))
   file:write(table.concat(lines, "\n"), "\n")
   file:close()
   return path
end

local path, db

setup(function()
   path = folder()
   db = assert(difkit.open(path, {write = true}))
end)
teardown(function()
   db:close()
   os.execute("rm -rf '" .. path .. "'")
end)

local function found(words, options)
   local ids = db:search(words, options):table():column "id"
   table.sort(ids)
   return table.concat(ids, " ")
end

describe("search in scripts without spaces", function()
   for _, script in ipairs(scripts) do
      for word, numbers in require "difkit.sorted"(labelled[script].words) do
         it(("finds the %s word %s wherever it stands"):format(script, word), function()
            local ids = {}
            for i, number in ipairs(numbers) do ids[i] = ("%s.%d"):format(script:upper(), number) end
            assert.equal(table.concat(ids, " "), found(word))
            assert.equal(table.concat(ids, " "), found(word .. "*"))
            assert.equal(table.concat(ids, " "), table.concat(db:actions{text = word}:table():column "id", " "))
            for _, row in ipairs(db:search(word, {mark = {"<", ">"}}):all()) do
               assert.truthy(row.text:find("<" .. word .. ">", 1, true))
               assert.is_nil(row.rank)
            end
         end)
      end
   end

   it("takes them together with words in scripts with spaces, alternatives and words to leave out", function()
      assert.equal("THAI.5", found "ASEAN ชำระเงิน")
      assert.equal("THAI.5", found '"ใน ASEAN"')
      assert.equal("ENGLISH.1 THAI.1 THAI.5", found "payment OR ใน")
      assert.equal("ENGLISH.1", found "ASEAN -ใน")
      assert.equal("THAI.1", found "ใน -ASEAN")
      assert.equal("", found "ดิจิทัล ข้อมูล")
      local row = db:search("asean ใน", {mark = {"<", ">"}}):one()
      assert.equal("ระบบชำระเงินที่ปลอดภัย<ใน> <ASEAN>", row.text)
   end)

   it("takes signs of SQL as they are", function()
      assert.equal("", found "ก%")
      assert.equal("", found "_น")
      assert.equal("", found 'ดิจิทัล"ๆ')
   end)

   it("says that such words cannot be ranked", function()
      local ok, problem = pcall(found, "ดิจิทัล", {ranked = true})
      assert.is_false(ok)
      assert.equal('search: words in scripts without spaces cannot be ranked, and text "ดิจิทัล" has one', problem.message)
   end)

   it("follows what a script changes", function()
      db:exec "UPDATE action SET text = 'ระบบใหม่' WHERE id = 'THAI.2'"
      assert.equal("", found "ผู้บริโภค")
      assert.equal("THAI.2", found "ใหม่")
      db:exec "UPDATE action SET text = 'in English now' WHERE id = 'THAI.2'"
      assert.equal("", found "ใหม่")
      db:exec "UPDATE action SET text = 'กลับมาใหม่' WHERE id = 'ENGLISH.1'"
      assert.equal("ENGLISH.1", found "กลับมา")
      db:exec "INSERT INTO action_trigram (action_trigram) VALUES ('integrity-check')"
   end)

   it("holds no text of other scripts, so that nothing is larger for it", function()
      local bundled = assert(difkit.open())
      assert.equal(0, bundled:query("SELECT count(*) FROM action_trigram WHERE action_trigram MATCH '\"the\"'"):value())
      bundled:close()
   end)
end)

describe("likeness in scripts without spaces", function()
   it("finds what texts have in common", function()
      local own = assert(difkit.open(path))
      assert.equal("THAI.3", own:similar("THAI.1", {least = 0.01})[1].id)
      assert.equal("BURMESE.3", own:similar("BURMESE.1", {least = 0.01})[1].id)
      assert.equal("LAO.3", own:similar("LAO.1", {least = 0.01})[1].id)
      assert.equal("KHMER.3", own:similar("KHMER.1", {least = 0.01})[1].id)
      own:close()
   end)

   it("tells such scripts from others", function()
      assert.is_true(core.unspaced "ASEAN ใน")
      assert.is_true(core.unspaced "日本")
      for _, text in ipairs {"Việt Nam", "Ελλάδα", "한국", "é—–…", "", "\xe0\xb8"} do assert.is_false(core.unspaced(text)) end
   end)
end)
