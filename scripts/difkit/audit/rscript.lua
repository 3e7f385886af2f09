--- An R script that computes the headline figures of an audit again, in base R, from the data of the index, and
--- prints how far they lie from those of difkit: so that an auditor need not trust difkit. Where R has psych or
--- COINr, these are asked too; where not, it says "not run".
local rscript = {}

--- A value as R writes it.
local function r_of(value)
   if value == nil then return "NA" end
   if type(value) == "boolean" then return value and "TRUE" or "FALSE" end
   if type(value) == "number" then
      if value ~= value or value - value ~= 0 then return "NA" end
      return math.type(value) == "integer" and ("%d"):format(value) or ("%.17g"):format(value)
   end
   return '"' .. tostring(value):gsub('[%c"\\]', function(c) return ("\\%03o"):format(c:byte()) end) .. '"'
end

local function vector(list, n)
   local parts = {}
   for i = 1, n do parts[i] = r_of(list[i]) end
   for i = 8, n, 8 do if i < n then parts[i] = parts[i] .. "\n" end end
   return "c(" .. table.concat(parts, ", ") .. ")"
end

local function frame(name, columns, order, n, out)
   out[#out + 1] = name .. " <- data.frame(check.names = FALSE, stringsAsFactors = FALSE, row.names = units"
   for _, column in ipairs(order) do
      out[#out] = out[#out] .. ","
      out[#out + 1] = "  " .. r_of(column) .. " = " .. vector(columns[column], n)
   end
   out[#out] = out[#out] .. ")"
end

--- The figures of difkit that the script computes again: {figure, subject, within, value}.
local function figures_of(audit)
   local list = {}
   local function add(figure, subject, within, value)
      if type(value) == "number" then list[#list + 1] = {figure, subject, within or "", value} end
   end
   local function rows(id) local t = audit:table(id) return t and t:rows() or function() end end
   for row in rows "places" do
      for _, key in ipairs {"r_own", "r_rest", "low", "high", "r_index", "r_best", "t", "p"} do
         add(key, row.item, row.group, row[key])
      end
   end
   for row in rows "groups" do
      for _, key in ipairs {"alpha", "kmo", "chi_square", "first"} do add(key, row.group, nil, row[key]) end
   end
   for row in rows "importance" do add("r2", row.item, row.group, row.r2) end
   for row in rows "target" do add("closed", row.item, row.group, row.closed) end
   for row in rows "shape" do
      add("skewness", row.indicator, nil, row.skewness)
      add("kurtosis", row.indicator, nil, row.kurtosis)
   end
   for row in rows "coverage" do if row.level == "indicator" then add("coverage", row.id, nil, row.share) end end
   for row in rows "shifts" do
      add("spearman", row.component, nil, row.spearman)
      add("mean_shift", row.component, nil, row.mean)
   end
   return list
end

--- Base R: functions, the computation of each figure, and the comparison.
local body = [==[
# A data package that difkit wrote (difkit run publish) can be given instead of the values below: Rscript FILE site/data
arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) > 0) {
  from <- read.csv(file.path(arguments[1], "normalised.csv"), check.names = FALSE, stringsAsFactors = FALSE)
  rownames(from) <- from$unit
  from <- from[units, , drop = FALSE]
  apart <- max(abs(as.matrix(from[, leaves]) - as.matrix(normalised[, leaves])), na.rm = TRUE)
  cat("normalised values of the package and of this script differ by at most", format(apart), "\n")
  normalised[, leaves] <- from[, leaves]
}

children <- function(g) nodes$id[!is.na(nodes$parent) & nodes$parent == g]
groups <- nodes$id[!nodes$leaf]
weight <- setNames(nodes$weight, nodes$id)

# Scores: arithmetic means over the children that are there; other means are taken from difkit.
again <- scores
again[, leaves] <- normalised[, leaves]
for (g in rev(groups)) {
  if (nodes$method[nodes$id == g] != "arithmetic") next
  x <- as.matrix(again[, children(g), drop = FALSE])
  w <- matrix(weight[children(g)], nrow(x), ncol(x), byrow = TRUE)
  there <- !is.na(x) & w > 0
  again[[g]] <- ifelse(rowSums(w * there) > 0, rowSums(ifelse(there, x * w, 0)) / rowSums(w * there), NA)
}
again[is.na(scores)] <- NA

varies <- function(x) { x <- x[!is.na(x)]; length(x) > 0 && max(x) > min(x) }
pearson <- function(x, y) {
  ok <- !is.na(x) & !is.na(y)
  if (sum(ok) < 3 || !varies(x[ok]) || !varies(y[ok])) NA else cor(x[ok], y[ok])
}
count <- function(x, y) sum(!is.na(x) & !is.na(y))
fisher <- function(r, n) if (is.na(r) || n < 4 || abs(r) >= 1) c(NA, NA) else tanh(atanh(r) + c(-1,
   1) * qnorm(0.975) / sqrt(n - 3))
rest_of <- function(g, skip) {
  ids <- setdiff(children(g)[sapply(children(g), function(i) varies(again[[i]]))], skip)
  x <- as.matrix(again[, ids, drop = FALSE])
  w <- matrix(weight[ids], nrow(x), ncol(x), byrow = TRUE)
  total <- rowSums(ifelse(is.na(x), 0, w))
  ifelse(total > 0, rowSums(ifelse(is.na(x), 0, x * w)) / total, NA)
}
williams <- function(x, rest, other) {
  ok <- !is.na(x) & !is.na(rest) & !is.na(other)
  n <- sum(ok)
  if (n < 4) return(c(NA, NA))
  a <- cor(x[ok], rest[ok]); b <- cor(x[ok], other[ok]); d <- cor(rest[ok], other[ok])
  determinant <- 1 - a^2 - b^2 - d^2 + 2 * a * b * d
  m <- (a + b) / 2
  t <- (a - b) * sqrt((n - 1) * (1 + d) / (2 * (n - 1) / (n - 3) * determinant + m^2 * (1 - d)^3))
  c(t, 2 * pt(-abs(t), n - 3))
}
complete <- function(g) {
  ids <- children(g)[sapply(children(g), function(i) varies(again[[i]]))]
  x <- as.matrix(again[, ids, drop = FALSE])
  x[complete.cases(x), , drop = FALSE]
}
shape <- function(x) {
  x <- x[!is.na(x)]; n <- length(x); d <- x - mean(x)
  if (n < 4 || sum(d^2) == 0) return(c(NA, NA))
  skew <- sqrt(n) * sum(d^3) / sum(d^2)^1.5 * sqrt(n * (n - 1)) / (n - 2)
  kurt <- ((n + 1) * (n * sum(d^4) / sum(d^2)^2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
  c(skew, kurt)
}
ranks <- function(x) rank(-signif(x, 12), ties.method = "min", na.last = "keep")
top <- nodes$id[1]

compute <- function(figure, subject, within) {
  x <- again[[subject]]
  if (figure %in% c("r_own", "r_rest", "low", "high", "r_best", "t", "p")) {
    own <- again[[within]]; rest <- rest_of(within, subject)
    level <- nodes$level[nodes$id == within]
    others <- setdiff(nodes$id[!nodes$leaf & nodes$level == level], within)
    to <- sapply(others, function(g) pearson(x, again[[g]]))
    best <- if (length(others) > 0 && any(!is.na(to))) others[which.max(to)] else NA
    r <- pearson(x, rest)
    return(switch(figure, r_own = pearson(x, own), r_rest = r, low = fisher(r, count(x, own))[1],
      high = fisher(r, count(x, own))[2], r_best = if (is.na(best)) NA else max(to, na.rm = TRUE),
      t = if (is.na(best)) NA else williams(x, rest, again[[best]])[1],
      p = if (is.na(best)) NA else williams(x, rest, again[[best]])[2]))
  }
  if (figure == "r_index") return(pearson(x, again[[top]]))
  if (figure == "r2") return(pearson(x, again[[within]])^2)
  if (figure %in% c("alpha", "kmo", "chi_square", "first")) {
    z <- complete(subject); k <- ncol(z); n <- nrow(z); C <- cov(z); R <- cor(z)
    if (figure == "alpha") return(k / (k - 1) * (1 - sum(diag(C)) / sum(C)))
    if (figure == "first") return(eigen(R, symmetric = TRUE)$values[1] / k)
    if (figure == "chi_square") return(-(n - 1 - (2 * k + 5) / 6) * log(det(R)))
    S <- solve(R); Q <- -S / sqrt(outer(diag(S), diag(S))); diag(Q) <- 0; diag(R) <- 0
    return(sum(R^2) / (sum(R^2) + sum(Q^2)))
  }
  if (figure == "closed") {
    z <- complete(within); C <- cov(z); t <- weight[colnames(z)] / sum(weight[colnames(z)])
    w <- solve(C, sqrt(t * diag(C)))
    return((w / sum(w))[subject])
  }
  if (figure == "skewness") return(shape(values[[subject]])[1])
  if (figure == "kurtosis") return(shape(values[[subject]])[2])
  if (figure == "coverage") return(sum(!is.na(values[[subject]])) / sum(!is.na(values[[subject]]) | !absent[[subject]]))
  if (figure == "spearman") {
    ok <- !is.na(x) & !is.na(again[[top]])
    return(cor(signif(x[ok], 12), signif(again[[top]][ok], 12), method = "spearman"))
  }
  if (figure == "mean_shift") return(mean(abs(ranks(again[[top]]) - ranks(x)), na.rm = TRUE))
  NA
}

figures$again <- mapply(compute, figures$figure, figures$subject, figures$within)
figures$difference <- abs(figures$again - figures$difkit) / pmax(1, abs(figures$difkit))
worst <- 0
cat(sprintf("%-12s %6s %14s\n", "figure", "count", "largest difference"))
apart <- max(abs(as.matrix(again) - as.matrix(scores)) / pmax(1, abs(as.matrix(scores))), na.rm = TRUE)
cat(sprintf("%-12s %6d %14.3g\n", "score", sum(!is.na(scores)), apart))
worst <- max(worst, apart)
moved <- sum(ranks(again[[top]]) != ranks(scores[[top]]), na.rm = TRUE)
cat(sprintf("%-12s %6d %14d\n", "rank", nrow(scores), moved))
for (f in unique(figures$figure)) {
  d <- figures$difference[figures$figure == f]
  cat(sprintf("%-12s %6d %14.3g\n", f, length(d), max(d)))
  if (any(is.na(d))) worst <- Inf else worst <- max(worst, d)
}
cat("Not computed again here: splines, parallel analysis, bootstrap, Monte Carlo, Sobol indices, ",
  "benefit of the doubt.\n", sep = "")

if (requireNamespace("psych", quietly = TRUE)) {
  cat("psych", as.character(packageVersion("psych")), ": KMO(R), alpha(x, check.keys = FALSE)\n")
  for (g in groups) {
    z <- complete(g)
    of <- function(f) figures$difkit[figures$figure == f & figures$subject == g]
    if (length(of("kmo")) == 1) cat(sprintf("  KMO of %s: %.3g\n", g, abs(psych::KMO(cor(z))$MSA - of("kmo"))))
    if (length(of("alpha")) != 1 || ncol(z) < 3) next
    invisible(capture.output(a <- suppressMessages(suppressWarnings(psych::alpha(z, check.keys = FALSE)))))
    cat(sprintf("  alpha of %s: %.3g\n", g, abs(a$total$raw_alpha - of("alpha"))))
  }
} else cat("psych: not run\n")
if (requireNamespace("COINr", quietly = TRUE)) {
  cat("COINr", as.character(packageVersion("COINr")), ": a_amean(x, w) of each group of means\n")
  for (g in groups[nodes$method[match(groups, nodes$id)] == "arithmetic"]) {
    x <- as.matrix(again[, children(g), drop = FALSE])
    own <- apply(x, 1, function(row) COINr::a_amean(row, weight[children(g)]))
    cat(sprintf("  %s: %.3g\n", g, max(abs(own - scores[[g]]), na.rm = TRUE)))
  }
} else cat("COINr: not run\n")
cat(if (worst < 1e-8) "All figures agree to 1e-8.\n" else "FIGURES DIFFER.\n")
if (!(worst < 1e-8)) quit(status = 1)
]==]

--- The script as a text.
function rscript.text(audit)
   local self, out = audit.result, {}
   local units, spec = #self.set.units, self.spec
   local from = (#self.set.periods - 1) * units
   local function column(matrix, at)
      local list = {}
      for u = 1, units do list[u] = matrix:get(from + u, at) end
      return list
   end
   out[#out + 1] = ("# %s: the headline figures of its audit, computed again in base R."):format(
      (audit.title:gsub("%c", " ")))
   out[#out + 1] = ("# Written by difkit %s; run: Rscript FILE [folder of a data package]"):format(
      require("difkit.core").version)
   out[#out + 1] = "units <- " .. vector(self.set.units, units)
   local ids, parents, weights, leaf, level, method, leaves = {}, {}, {}, {}, {}, {}, {}
   local scores, values, normalised, absent, order = {}, {}, {}, {}, {}
   for i, node in ipairs(spec.nodes) do
      ids[i], parents[i], weights[i] = node.id, node.parent and node.parent.id, self.weights[i]
      leaf[i], level[i], method[i] = node.leaf ~= nil, node.level, self.rules[i].method
      scores[node.id], order[i] = column(self.aggregated, node.number), node.id
   end
   for n, node in ipairs(spec.indicators) do
      leaves[n] = node.id
      values[node.id], normalised[node.id] = column(self.denominated, n), column(self.normalised, n)
      absent[node.id] = {}
      for u = 1, units do
         absent[node.id][u] = select(3, self.raw:origin(from + u, n)) == "not applicable"
      end
   end
   out[#out + 1] = "leaves <- " .. vector(leaves, #leaves)
   out[#out + 1] = ("nodes <- data.frame(stringsAsFactors = FALSE, id = %s, parent = as.character(%s), weight = %s,\n"
      .. "  leaf = %s, level = %s, method = %s)"):format(vector(ids, #ids), vector(parents, #ids), vector(weights,
         #ids),
      vector(leaf, #ids), vector(level, #ids), vector(method, #ids))
   frame("scores", scores, order, units, out)
   frame("normalised", normalised, leaves, units, out)
   frame("values", values, leaves, units, out)
   frame("absent", absent, leaves, units, out)
   local list, parts = figures_of(audit), {{}, {}, {}, {}}
   for i, one in ipairs(list) do
      for c = 1, 4 do parts[c][i] = one[c] end
   end
   out[#out + 1] = ("figures <- data.frame(stringsAsFactors = FALSE, figure = %s,\n  subject = %s,\n  within = %s,\n"
      .. "  difkit = %s)"):format(vector(parts[1], #list), vector(parts[2], #list), vector(parts[3], #list),
      vector(parts[4], #list))
   return table.concat(out, "\n") .. "\n" .. body
end

return rscript
