--- Golden test of NAME: `difkit test` runs the script and compares its table with a CSV file; `difkit test --update`
--- takes the table of now. A line for each case; `key` names the columns that tell rows apart, where `id` does not.
return {
   script = "../NAME.lua",
   {name = "as it is", golden = "NAME.csv"},
   {name = "one area", options = {"--area", "PA3"}, golden = "NAME-PA3.csv"},
}
