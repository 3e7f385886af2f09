--- Where the tiles of a map stand: rows of unit, title, column, row. A layout is a choice, not a fact: a script can
--- give its own as a table with these columns.
return {
   asean = {
      {unit = "MMR", title = "Myanmar", column = 1, row = 1},
      {unit = "LAO", title = "Lao PDR", column = 2, row = 1},
      {unit = "VNM", title = "Viet Nam", column = 3, row = 1},
      {unit = "THA", title = "Thailand", column = 2, row = 2},
      {unit = "KHM", title = "Cambodia", column = 3, row = 2},
      {unit = "PHL", title = "Philippines", column = 5, row = 2},
      {unit = "MYS", title = "Malaysia", column = 2, row = 3},
      {unit = "BRN", title = "Brunei Darussalam", column = 4, row = 3},
      {unit = "SGP", title = "Singapore", column = 2, row = 4},
      {unit = "IDN", title = "Indonesia", column = 3, row = 4},
      {unit = "TLS", title = "Timor-Leste", column = 5, row = 4},
   },
}
