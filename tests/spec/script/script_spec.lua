-- Headers of scripts and the options they are run with.
local difkit = require "difkit"
local script = difkit.script

local source = [[
#!/usr/bin/env difkit
--- Topics that one document covers and another does not.
--- Answers where
--- they part.
---@script gaps
---@option have document=BSBR  The document that covers the topic.
---@option lack document!  The document that does not.
---@option as-of text  A date.
---@option top integer=5  At most so many.
---@option share number=0.5  A share.
---@option long boolean  Whole texts.
---@option order choice(topic|number)=topic  What it is sorted by.
---@option area area...  Only these areas.
---@argument words text...  Words.
---@reads action, topic
---@writes nothing
local difkit = require "difkit"
---@option not text  not part of the header
]]

local function read(...)
   return script.read(assert(script.header(source, "x")), {...})
end

describe("a header", function()
   local header = assert(script.header(source, "x"))

   it("tells name, description and what is read and written", function()
      assert.are.equal("gaps", header.name)
      assert.are.equal("Topics that one document covers and another does not.", header.description)
      assert.are.equal("Answers where\nthey part.", header.details)
      assert.are.equal("action, topic", header.reads)
      assert.are.equal("nothing", header.writes)
   end)

   it("tells options with type, default and help", function()
      assert.are.equal(8, #header.options)
      assert.are.equal("BSBR", header.options[1].default)
      assert.is_true(header.options[2].required)
      assert.are.equal("integer", math.type(header.options[4].default))
      assert.are.equal(0.5, header.options[5].default)
      assert.are.same({"topic", "number"}, header.options[7].choices)
      assert.is_true(header.options[8].several)
      assert.are.equal("The document that covers the topic.", header.options[1].help)
      assert.are.equal("words", header.arguments[1].name)
   end)

   it("is not needed", function()
      local none = assert(script.header("print(1)\n", "y"))
      assert.are.equal("y", none.name)
      assert.are.equal("", none.description)
      assert.are.equal(0, #none.options)
   end)

   it("with a fault gives nil and the line", function()
      for text, expected in pairs {
         ["---@option a\n"] = "x:1: @option needs a name, a type and help",
         ["--- d\n---@option a txt  h\n"] = 'x:2: unknown type "txt" of "a"; did you mean "text"?',
         ["---@option a integer=z  h\n"] = 'x:1: the default "z" of "a" is not a whole number',
         ["---@option a text  h\n---@option a text  h\n"] = 'x:2: "a" is declared twice',
         ["---@option a text!=x  h\n"] = 'x:1: "a" is required, so it can have no default',
         ["---@option help text  h\n"] = 'x:1: "help" is not free for an option of a script',
         ["---@option code text  h\n"] = 'x:1: "code" is not free for an option of a script: it is one of ' ..
            "`difkit run`; call it otherwise, such as my-code",
         ["---@argument a text...  h\n---@argument b text  h\n"] =
            'x:2: no argument can follow "a", which takes the rest',
         ["---@option a choice(p|q)=r  h\n"] = 'x:1: the default "r" of "a" is not one of p, q',
      } do
         local result, message, code = script.header(text, "x")
         assert.is_nil(result)
         assert.are.equal(expected, message)
         assert.are.equal("script", code)
      end
   end)
end)

describe("options", function()
   it("have their types and defaults", function()
      local options = assert(read("--lack", "DIFAP", "--top=3", "--as-of", "2025", "--long", "a", "b"))
      assert.are.equal("BSBR", options.have)
      assert.are.equal("DIFAP", options.lack)
      assert.are.equal(3, options.top)
      assert.are.equal("integer", math.type(options.top))
      assert.are.equal("2025", options.as_of)
      assert.is_true(options.long)
      assert.are.equal("topic", options.order)
      assert.is_nil(options.area)
      assert.are.same({"a", "b"}, options.words)
   end)

   it("can be switched off, given several times, and end at --", function()
      local options = assert(read("--lack", "DIFAP", "--no-long", "--area", "PA1,PA2", "--area", "PA3", "--", "--top"))
      assert.is_false(options.long)
      assert.are.same({"PA1", "PA2", "PA3"}, options.area)
      assert.are.same({"--top"}, options.words)
   end)

   it("that are wrong give nil, a message and usage", function()
      for _, case in ipairs {
         {{"--hvae", "BSBR"}, "unknown option --hvae of gaps; did you mean --have?"},
         {{"--lack"}, "--lack needs a value"},
         {{}, "--lack is missing: The document that does not."},
         {{"--lack", "DIFAP", "--top", "three"}, '--top must be a whole number, not "three"'},
         {{"--lack", "DIFAP", "--top", "3.5"}, '--top must be a whole number, not "3.5"'},
         {{"--lack", "DIFAP", "--share", "nan"}, '--share must be a number, not "nan"'},
         {{"--lack", "DIFAP", "--order", "topics"},
            '--order must be one of topic, number, not "topics"; did you mean "topic"?'},
         {{"--lack", "DIFAPP"}, '--lack: unknown document "DIFAPP"; did you mean "DIFAP"?'},
         {{"--lack", "DIFAP", "--no-long=1"}, "--no-long takes no value"},
      } do
         local options, message, code = read(table.unpack(case[1]))
         assert.is_nil(options)
         assert.are.equal(case[2], message)
         assert.are.equal("usage", code)
      end
   end)

   it("refuse arguments that nothing takes", function()
      local header = assert(script.header("--- x\n", "x"))
      assert.are.equal('unexpected argument "y"; x takes none', select(2, script.read(header, {"y"})))
   end)

   it("that are not declared cannot be read", function()
      local options = assert(read("--lack", "DIFAP"))
      local _, problem = pcall(function() return options.hvae end)
      assert.are.equal('the script has no option "hvae"', problem.message)
      assert.are.equal('did you mean "have"?', problem.hint)
   end)

   it("do not share a list that is a default", function()
      local header = assert(script.header("---@option a text...=p,q  h\n", "x"))
      local one = assert(script.read(header, {}))
      table.insert(one.a, "r")
      assert.are.same({"p", "q"}, script.read(header, {}).a)
   end)
end)

describe("usage", function()
   it("shows how to call the script and what its options mean", function()
      local text = script.usage(assert(script.header(source, "x")))
      assert.is_truthy(text:find("Usage: difkit run gaps [OPTIONS] [WORDS…]", 1, true))
      local have = "  --have DOCUMENT       The document that covers the topic. (default BSBR)"
      assert.is_truthy(text:find(have, 1, true))
      assert.is_truthy(text:find("The document that does not. (required)", 1, true))
      assert.is_truthy(text:find("--order topic|number", 1, true))
      assert.is_truthy(text:find("Reads: action, topic", 1, true))
   end)
end)
