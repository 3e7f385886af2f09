-- difkit export: what other tools of the field read, held against their documentation field by field. Datasette opens
-- its folder where it is installed; sdg-build, which is installed from its repository alone, does not.
local support = dofile "tests/cli/support.lua"
local difkit = require "difkit"

local db = assert(difkit.open())

--- The folder that `difkit export KIND` writes from the bundled data, or from others.
local function exported(kind, ...)
   local folder, remove = support.folder()
   finally(remove)
   local result = support.run("export", kind, "--out", folder .. "/x", ...)
   assert.equal("", result.err)
   assert.equal(0, result.status)
   return folder .. "/x", result.out
end

local function rows(sql, ...)
   local list = {}
   for row in db:query(sql, ...):rows() do list[#list + 1] = row end
   return list
end

local function read_yaml(path) return assert(difkit.yaml.read(path)) end

describe("difkit export datasette", function()
   -- docs.datasette.io/en/stable/metadata.html
   local of_page = {title = true, description = true, source = true, databases = true}
   local of_table = {title = true, description = true, label_column = true, columns = true, hidden = true, sort = true}

   it("writes a database of plain tables, and what is known of them", function()
      local folder = exported "datasette"
      local metadata = read_yaml(folder .. "/metadata.yaml")
      for key in pairs(metadata) do assert.is_true(of_page[key], key) end
      local served = assert(difkit.open(folder .. "/asean-dif.db"))
      assert.equal(db:actions():count(), served:actions():count())
      assert.equal(db:query("SELECT value FROM meta WHERE key = 'content_digest'"):value(),
         served:query("SELECT value FROM meta WHERE key = 'content_digest'"):value())
      for row in served:query "SELECT sql FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'" do
         assert.is_nil(row.sql:find "%f[%a]STRICT%f[%A]", row.sql)
      end
      local count = 0
      for name, known in pairs(metadata.databases["asean-dif"].tables) do
         count = count + 1
         for key in pairs(known) do assert.is_true(of_table[key], key) end
         local columns = {}
         for row in served:query("SELECT name FROM pragma_table_info(?)", name) do columns[row.name] = true end
         assert.is_truthy(next(columns), name)
         for column, said in pairs(known.columns or {}) do
            assert.is_true(columns[column], name .. "." .. column)
            assert.equal("string", type(said))
         end
         assert.is_true(known.label_column == nil or columns[known.label_column], name)
      end
      assert.is_true(count > 20)
      served:close()
   end)

   it("is opened by Datasette where that is installed", function()
      if os.execute "command -v datasette >/dev/null 2>&1" ~= true then
         pending "Datasette is not installed: not opened"
         return
      end
      local folder = exported "datasette"
      local result = support.shell(("datasette '%s/asean-dif.db' --metadata '%s/metadata.yaml' --get "
         .. "'/asean-dif/action.json?_shape=array&_size=max'"):format(folder, folder))
      assert.equal(db:actions():count(), #difkit.json.decode(result.out))
   end)
end)

describe("difkit export open-sdg", function()
   it("writes data with the year first and the value last, equal to the observations", function()
      local folder, said = exported "open-sdg"
      assert.is_truthy(said:find("not opened by sdg-build", 1, true))
      local total = 0
      for _, pair in ipairs {{"egdi_published", "0-0-1"}, {"tii", "1-3-1"}, {"hci", "4-1-1"}} do
         local t = assert(difkit.table.read_csv(("%s/data/indicator_%s.csv"):format(folder, pair[2])))
         assert.equal("Year", t.columns[1])
         assert.equal("Value", t.columns[#t.columns])
         local wanted = rows([[SELECT period, unit.title, value FROM observation JOIN unit ON unit.id = unit_id
            WHERE indicator_id = ? AND value IS NOT NULL ORDER BY unit.id, period]], pair[1])
         assert.equal(#wanted, #t)
         for i, row in ipairs(wanted) do
            assert.same({row[1], row[2], row[3]}, {t[i].Year, t[i].Country, t[i].Value + 0.0})
         end
         total = total + #t
         -- open-sdg.readthedocs.io, metadata format
         local config = read_yaml(("%s/indicator-config/%s.yml"):format(folder, pair[2]))
         assert.same({(pair[2]:gsub("-", ".")), "complete", "line", false, true},
            {config.indicator_number, config.reporting_status, config.graph_type, config.data_non_statistical,
               config.published})
         assert.equal(pair[2]:match "^%d+", config.sdg_goal)
         assert.equal(pair[2]:match "^%d+%-%d+":gsub("-", "."), config.target_id)
         local meta = read_yaml(("%s/meta/%s.yml"):format(folder, pair[2]))
         assert.equal(pair[1], meta.indicator_id)
         assert.equal(db:query("SELECT measure FROM indicator WHERE id = ?", pair[1]):value(), meta.computation_units)
      end
      assert.is_true(total > 100)
      local config = read_yaml(folder .. "/config_data.yml")
      assert.same({"en"}, config.languages)
      assert.same({"InputCsvData", "InputYamlMeta", "InputYamlMeta"}, {config.inputs[1].class, config.inputs[2].class,
         config.inputs[3].class})
      local schema = read_yaml(folder .. "/metadata_schema.yml")
      local known = {}
      for _, field in ipairs(schema.prose.metadata.meta) do known[field.name] = true end
      for _, part in ipairs {"indicator-config", "meta"} do
         for key in pairs(read_yaml(("%s/%s/1-3-1.yml"):format(folder, part))) do assert.is_true(known[key], key) end
      end
   end)

   it("keeps ids of the goals, quarters beside their year, and says where nothing is there", function()
      local folder, remove = support.folder()
      finally(remove)
      support.write(folder .. "/f.yaml", [[
framework: {id: sdg, title: Goals}
units: [{id: VNM, title: Viet Nam}]
indicators:
  - {id: 9.c.1, title: Covered, measure: per cent, direction: 1}
  - {id: 1.1.1, title: Poverty, direction: -1}
observations:
  - {indicator: 9.c.1, unit: VNM, period: 2022-Q3, value: 99.8}
  - {indicator: 9.c.1, unit: VNM, period: 2022, value: 99.5}
]])
      local out = exported("open-sdg", "--db", folder .. "/f.yaml")
      assert.equal("Year,TimeDetail,Units,Country,Value\n2022,,per cent,Viet Nam,99.5\n"
         .. "2022,2022-Q3,per cent,Viet Nam,99.8\n",
         support.read(out .. "/data/indicator_9-c-1.csv"))
      assert.is_false(support.exists(out .. "/data/indicator_1-1-1.csv"))
      assert.equal("notstarted", read_yaml(out .. "/indicator-config/1-1-1.yml").reporting_status)
      assert.equal("01-01-01", read_yaml(out .. "/indicator-config/1-1-1.yml").indicator_sort_order)
   end)
end)

describe("difkit export sdmx", function()
   it("writes the structure that the observations name, every code of theirs in its lists", function()
      local folder = exported "sdmx"
      local structure, data = support.read(folder .. "/structure.xml"), support.read(folder .. "/observations.csv")
      local agency, id, version = data:match "\ndataflow,(%u+):(%u+)%(([%d.]+)%)"
      assert.is_truthy(structure:find(('<str:Dataflow id="%s" agencyID="%s" version="%s">'):format(id, agency, version),
         1, true))
      local named = ('<Ref id="DSD_%s" agencyID="%s" version="%s"'):format(id, agency, version)
      assert.is_truthy(structure:find(named, 1, true))
      local codes = {}
      for list, body in structure:gmatch '<str:Codelist id="([%w_]+)".->(.-)</str:Codelist>' do
         codes[list] = {}
         for code in body:gmatch '<str:Code id="([^"]+)">' do codes[list][code] = true end
      end
      local lines = 0
      for indicator, area in data:gmatch "\ndataflow,[^,]+,%u,([^,]+),([^,]+)," do
         lines = lines + 1
         assert.is_true(codes.CL_INDICATOR[indicator] and codes.CL_AREA[area])
      end
      assert.equal(db:query("SELECT count(*) FROM observation"):value(), lines)
      -- The columns of the CSV are the components of the structure.
      for name in data:match "^[^\n]+":gmatch "[%u_]+" do
         if name ~= "STRUCTURE" and name ~= "STRUCTURE_ID" and name ~= "ACTION" then
            assert.is_truthy(structure:find(('<str:%%a+ id="%s"'):format(name)), name)
            assert.is_truthy(structure:find(('<str:Concept id="%s">'):format(name), 1, true), name)
         end
      end
   end)

   it("has its parts in the order of the schema of SDMX-ML 2.1 (SDMXMessage.xsd, SDMXStructure.xsd)", function()
      local text = difkit.export.sdmx_structure(nil, db, {structure = "ASEAN:DIF(2.1)"})
      local order = {}
      for name in text:gmatch "<(%a+:%a+)[ >]" do order[#order + 1] = name end
      local at = 1
      for _, name in ipairs {"mes:Structure", "mes:Header", "mes:ID", "mes:Test", "mes:Prepared", "mes:Sender",
         "mes:Structures", "str:Dataflows", "str:Dataflow", "com:Name", "str:Structure", "str:Codelists",
         "str:Codelist",
         "str:Concepts", "str:ConceptScheme", "str:DataStructures", "str:DataStructure", "str:DataStructureComponents",
         "str:DimensionList", "str:Dimension", "str:TimeDimension", "str:AttributeList", "str:Attribute",
         "str:MeasureList", "str:PrimaryMeasure"} do
         while order[at] and order[at] ~= name do at = at + 1 end
         assert.is_truthy(order[at], name)
      end
      local open = {}
      for closing, name, empty in text:gmatch "<(/?)([%a:]+)[^<>]-(/?)>" do
         if closing == "/" then assert.equal(name, table.remove(open))
         elseif empty == "" then open[#open + 1] = name end
      end
      assert.same({}, open)
      assert.is_truthy(text:find('agencyID="ASEAN" version="2.1"', 1, true))
   end)

   it("refuses what SDMX has no name for", function()
      local done, problem = pcall(difkit.export.sdmx_structure, nil, db, {structure = "no name"})
      assert.is_false(done)
      assert.matches("AGENCY:NAME%(1.0%)", problem.hint)
   end)
end)

describe("difkit export", function()
   it("knows five kinds, and says where a word is none of them or no folder is given", function()
      for kind, file in pairs {skos = "framework.jsonld", ["data-package"] = "datapackage.json"} do
         assert.is_true(support.exists(exported(kind) .. "/" .. file))
      end
      local result = support.run("export", "datasete", "--out", "x")
      assert.equal(2, result.status)
      assert.matches('did you mean "datasette"?', result.err, 1, true)
      result = support.run("export", "sdmx")
      assert.equal(2, result.status)
      assert.matches("add --out DIR", result.err, 1, true)
   end)
end)
