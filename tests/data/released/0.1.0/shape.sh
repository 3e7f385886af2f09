#!/bin/sh
# shape.sh DIFKIT DB: what programs rely on: columns of tables and files, keys of JSON. Run once by each release.
difkit=$1 db=$2
for table in framework document area topic action abbreviation unit unit_group group_member redirect link scheme code \
    coding judgement progress indicator observation meta action_full; do
    echo "table $table: $("$difkit" sql "SELECT * FROM $table LIMIT 0" --db "$db" --format csv)"
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$difkit" run -e 'local db = difkit.open() difkit.export.data_package("package", db) difkit.export.sdmx_csv("sdmx.csv", db)' \
    --db "$db" --out "$folder" 2>&1
for file in "$folder"/package/*.csv "$folder"/*.csv; do
    echo "file ${file##*/}: $(head -n 1 "$file" | tr -d '\r')"
done
json() {
    name=$1
    shift
    echo "json $name: $("$difkit" "$@" 2>/dev/null | grep -o '"[a-z_]*":' | awk '!seen[$0]++' | tr -d '":' | tr '\n' ' ')"
}
json sql sql "SELECT id, title FROM document" --db "$db" --format json
json diff diff "$db" @bundled --json
json snapshots snapshot --list --to "$(dirname "$db")" --json
json claims claims "$(dirname "$db")/text.md" --db "$db" --json
json why why "$(dirname "$db")/page.html" table-1/compost/PLAN --db "$db" --json
json verify verify "$(dirname "$db")/page.html" --db "$db" --json
