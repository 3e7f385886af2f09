"""load_peer.py FOLDER OUTPUT.db: what loading is compared with: PyYAML's C loader and Python's sqlite3.

Reads the same files into the same rows of the same tables, with the same indexes and full text, and checks nothing."""
import glob
import os
import sqlite3
import sys

import yaml


def main(folder, output):
    if os.path.exists(output):
        os.remove(output)
    db = sqlite3.connect(output)
    db.executescript("""
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
        CREATE TABLE topic (id TEXT PRIMARY KEY, area_id TEXT, position INTEGER, title TEXT);
        CREATE TABLE action (id TEXT PRIMARY KEY, document_id TEXT, topic_id TEXT, position INTEGER, number INTEGER,
                             text TEXT, line INTEGER);
        CREATE VIRTUAL TABLE action_fts USING fts5(text, id UNINDEXED, content='action');""")
    for path in sorted(glob.glob(os.path.join(folder, "*.yaml"))):
        with open(path, encoding="utf-8") as file:
            data = yaml.load(file, Loader=yaml.CSafeLoader)
        for area in data.get("areas", []):
            db.executemany("INSERT INTO topic VALUES (?, ?, ?, ?)",
                           ((t["id"], area["id"], i + 1, t["title"]) for i, t in enumerate(area["topics"])))
        for topic, actions in data.get("actions", {}).items():
            db.executemany("INSERT INTO action VALUES (?, ?, ?, ?, ?, ?, ?)",
                           ((a["id"], data["document"]["id"], topic, i + 1, a["number"], a["text"], a["line"])
                            for i, a in enumerate(actions)))
    db.executescript("""
        CREATE UNIQUE INDEX by_place ON action (document_id, topic_id, position);
        CREATE INDEX by_topic ON action (topic_id);
        INSERT INTO action_fts (action_fts) VALUES ('rebuild');""")
    db.commit()
    db.close()


main(sys.argv[1], sys.argv[2])
