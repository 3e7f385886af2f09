-- What the text of an action names. The sentences are invented, but for those that name an action.
local difkit = require "difkit"
local named = require "difkit.framework.named"

local db, reader

setup(function()
   db = assert(difkit.open())
   reader = named.reader(db)
end)
teardown(function() db:close() end)

local function words(list)
   local all = {}
   for i, one in ipairs(list) do all[i] = one.words end
   return table.concat(all, " | ")
end

describe("named quantities", function()
   it("are numbers of something, in digits or words, and how often", function()
      for text, expected in pairs {
         ["Build three compost bays in every garden."] = "three compost bays",
         ["Raise all beds by 30 cm by 2022."] = "30 cm",
         ["Train 1,500 officials from 10 AMS by the end of 2021."] = "1,500 officials | 10 AMS",
         ["Mutual recognition between two or more AMS of chosen approaches."] = "two or more AMS",
         ["Cut the cost by 20% and meet quarterly."] = "20% | quarterly",
         ["Two states sign."] = "Two states sign",
      } do
         assert.equal(expected, words(named.quantities(text)), text)
      end
   end)

   it("are no years, and no parts of names", function()
      for _, text in ipairs {
         "Embrace Industry 4.0 and USO 2.0", "Digital and 21st century skills", "The COVID-19 pandemic",
         "ADM 2025 actions", "Upgrade ASEAN+1 FTAs with +3 countries",
         "By 2022 states agree", "B2B data", "One that helps",
         "the Strategy, 2021–2025",
      } do
         assert.equal("", words(named.quantities(text)), text)
      end
   end)
end)

describe("named bodies", function()
   it("are known by abbreviation, letters or name", function()
      for text, expected in pairs {
         ["Strengthen the ACCEC to monitor"] = "ACCEC",
         ["In line with WTO and WCO guidelines, as UNESCAP says"] = "WTO | WCO | UNESCAP",
         ["Guidelines set by the World Health Organization (WHO). The WHO helps."] = "World Health Organization",
         ["The Task Force on the Operationalization of the Corridor should work"] =
            "Task Force on the Operationalization of the Corridor",
         ["Establish Customs Committee meetings"] = "Customs Committee",
         ["Encourage Trade Connect – ASEAN Business Advisory Council’s project"] = "ASEAN Business Advisory Council",
         ["Standards and Conformance Working Group"] = "Conformance Working Group",
      } do
         assert.equal(expected, words(reader:bodies(text)), text)
      end
   end)

   it("are no things, states, or kinds of bodies", function()
      for _, text in ipairs {
         "Ratify the ATIGA", "Train AMS authorities and central banks", "Tell the Committee", "Other sectoral bodies",
         "Establish an ASEAN Regional CERT", "Board the train",
      } do
         assert.equal("", words(reader:bodies(text)), text)
      end
   end)

   it("are the same however they are written", function()
      local by_name = reader:bodies "the ASEAN Coordinating Committee on Electronic Commerce"
      assert.equal(by_name[1].value, reader:bodies("the ACCEC")[1].value)
   end)
end)

describe("named outputs", function()
   it("are things that a text wants made", function()
      for text, expected in pairs {
         ["Develop and adopt common e-invoicing standards to help."] = "Develop and adopt common e-invoicing standards",
         ["Ratify the AAEC."] = "Ratify the AAEC",
         ["Ratify the ASEAN Trade in Goods Agreement (ATIGA)."] = "Ratify the ASEAN Trade in Goods Agreement",
         ["Develop informal/formal mechanisms for it"] = "Develop informal/formal mechanisms",
         ["Establish dispute resolution (DR) mechanisms, and hold a workshop"] =
            "Establish dispute resolution (DR) mechanisms | hold a workshop",
         ["All AMS to adopt laws and regulations"] = "adopt laws and regulations",
      } do
         assert.equal(expected, words(reader:outputs(text)), text)
      end
   end)

   it("are not what is used, explored or promoted", function()
      for _, text in ipairs {
         "Promote the framework", "Explore the development of a platform", "Apply codes of conduct and standards",
         "Develop skills in line with the framework", "Build capacity, standards permitting", "Review the work plan",
      } do
         assert.equal("", words(reader:outputs(text)), text)
      end
   end)
end)

describe("a quote", function()
   local text = "The quick brown fox jumps over the lazy dog by 2022 and then sleeps until the sun rises."
   it("stands between whole words", function()
      local first, last = text:find("2022", 1, true)
      assert.equal("…lazy dog by 2022 and then…", named.quote(text, first, last, 13))
      assert.equal("The quick…", named.quote(text, 1, 3, 10))
      assert.equal("…the sun rises.", named.quote(text, #text - 5, #text, 9))
      assert.equal(text, named.quote(text, first, last, 100))
   end)
end)
