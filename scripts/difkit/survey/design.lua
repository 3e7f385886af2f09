--- The design of a survey: who was drawn how. Respondents are numbered from 1; a design holds their weights, the
--- stratum and the first-stage cluster (PSU) of each, the population of each stratum where it is known, and replicate
--- weights. The key of a cluster is always stratum and cluster, since names of clusters repeat from stratum to
--- stratum.
local errors = require "difkit.error"

local design = {}

local function fail(...) errors.raise(string.format(...), nil, "data") end

local function check_weight(weight, who)
   if type(weight) ~= "number" or weight ~= weight or weight < 0 or weight == math.huge then
      fail("survey: respondent %s has %s; weights are numbers from 0", who,
         weight == nil and "no weight" or "the weight " .. tostring(weight))
   end
end

--- A population is the number of clusters in the stratum, never a share of it: 1 might mean one or all.
local function check_population(stratum, population, who)
   if stratum.population and stratum.population ~= population then
      fail('survey: the stratum "%s" has the populations %s and %s (respondent %s)', stratum.name,
         tostring(stratum.population), tostring(population), who)
   end
   stratum.population = population
end

local function new_stratum(self, name)
   local stratum = {name = name, clusters = 0, number = #self.strata + 1}
   self.strata[#self.strata + 1] = stratum
   return stratum
end

local function new_cluster(self, stratum, name)
   local cluster = {stratum = stratum, name = name, members = {}}
   self.clusters[#self.clusters + 1] = cluster
   cluster.number = #self.clusters
   stratum.clusters = stratum.clusters + 1
   return cluster
end

--- Puts a respondent in stratum and cluster.
local function place(self, index, person, by_name)
   local stratum_name, cluster_name = person.stratum or "", person.cluster or person.id
   local stratum = by_name[stratum_name]
   if not stratum then
      stratum = new_stratum(self, stratum_name)
      stratum.by_name = {}
      by_name[stratum_name] = stratum
   end
   local cluster = stratum.by_name[cluster_name]
   if not cluster then
      cluster = new_cluster(self, stratum, cluster_name)
      stratum.by_name[cluster_name] = cluster
   end
   if person.population then check_population(stratum, person.population, person.id) end
   if person.subpopulation then
      check_population(cluster, person.subpopulation, person.id)
      self.second_stage = true
   end
   cluster.members[#cluster.members + 1] = index
   self.stratum[index], self.cluster[index] = stratum, cluster
end

--- Clusters drawn within a cluster: how many, for the second stage.
local function count_second_stage(self, people)
   if not self.second_stage then return end
   for _, cluster in ipairs(self.clusters) do
      local seen, count = {}, 0
      for _, index in ipairs(cluster.members) do
         local name = people[index].subcluster or people[index].id
         if not seen[name] then
            seen[name] = true
            count = count + 1
         end
         self.subcluster[index] = name
      end
      cluster.drawn = count
      if cluster.population and cluster.population < count then
         fail('survey: the cluster "%s" has a population of %s and %d drawn', cluster.name,
            tostring(cluster.population),
            count)
      end
   end
end

--- `people`: {id, weight, stratum, cluster, subcluster, population, subpopulation} each; `replicates`: nil, or
--- {weights = a list of weights a replicate, method, scale, scales, centre}.
function design.new(people, replicates)
   local self = {
      size = #people, weight = {}, stratum = {}, cluster = {}, subcluster = {}, strata = {}, clusters = {},
      replicates = replicates, id = {},
   }
   local by_name = {}
   for index, person in ipairs(people) do
      check_weight(person.weight, person.id)
      self.weight[index], self.id[index] = person.weight, person.id
      place(self, index, person, by_name)
   end
   for _, stratum in ipairs(self.strata) do
      if stratum.population and stratum.population < stratum.clusters then
         fail('survey: the stratum "%s" has a population of %s and %d drawn from it; a population is a number, not a '
            .. 'share', stratum.name, tostring(stratum.population), stratum.clusters)
      end
   end
   count_second_stage(self, people)
   return self
end

--- Degrees of freedom: clusters less strata, counted among those that hold one of `members`.
function design.degrees(self, members)
   local clusters, strata, count = {}, {}, 0
   for _, index in ipairs(members) do
      local cluster = self.cluster[index]
      if not clusters[cluster] then
         clusters[cluster] = true
         count = count + 1
         if not strata[cluster.stratum] then
            strata[cluster.stratum] = true
            count = count - 1
         end
      end
   end
   return count
end

--- How many clusters hold one of `members`.
function design.clusters_of(self, members)
   local seen, count = {}, 0
   for _, index in ipairs(members) do
      local cluster = self.cluster[index]
      if not seen[cluster] then
         seen[cluster] = true
         count = count + 1
      end
   end
   return count
end

return design
