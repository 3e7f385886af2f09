--- Changes of a database that are made together or not at all.

---Does the work in one transaction, which holds when it gives true, and is taken back otherwise, or when it raises.
---@param db difkit.Database
---@param work fun(): boolean, ...: any  whether to keep what it did, and what to give back
---@return boolean kept
---@return any ... what the work gave
return function(db, work)
   db:exec "BEGIN"
   local function finish(done, keep, ...)
      if done and keep then
         db:exec "COMMIT"
      else
         -- A full disk has ended the transaction already.
         pcall(db.exec, db, "ROLLBACK")
         if not done then error(keep, 0) end
      end
      return keep, ...
   end
   return finish(pcall(work))
end
