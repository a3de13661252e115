"""The SQL of the migrations that make tables. What was released is never changed."""

M001 = """
CREATE TABLE sources (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source INTEGER NOT NULL REFERENCES sources,
    started_at TEXT NOT NULL,
    finished_at TEXT,  -- NULL while it runs, and for ever where it was interrupted
    undone_at TEXT,
    read INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    merged INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    CHECK (read = added + updated + unchanged + merged + rejected)
);

CREATE TABLE papers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    live INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1)),
    merged_into INTEGER REFERENCES papers,  -- not live and NULL: in the trash
    added_at TEXT NOT NULL,
    title TEXT NOT NULL,
    year INTEGER,
    venue TEXT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    volume TEXT NOT NULL,
    issue TEXT NOT NULL,
    pages TEXT NOT NULL,
    publisher TEXT NOT NULL,
    language TEXT NOT NULL,
    own_key TEXT NOT NULL,  -- the record's own key, which another paper may have too
    is_summary INTEGER NOT NULL,
    extra TEXT,  -- a JSON object
    abstract TEXT NOT NULL  -- last, so that the rest is read without its overflow pages
);

CREATE INDEX papers_merged_into ON papers (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE totals (papers INTEGER NOT NULL);

INSERT INTO totals VALUES (0);

CREATE TRIGGER papers_counted AFTER INSERT ON papers BEGIN
    UPDATE totals SET papers = papers + NEW.live;
END;

CREATE TRIGGER papers_recounted AFTER UPDATE OF live ON papers BEGIN
    UPDATE totals SET papers = papers + NEW.live - OLD.live;
END;

CREATE TRIGGER papers_discounted AFTER DELETE ON papers BEGIN
    UPDATE totals SET papers = papers - OLD.live;
END;

CREATE TABLE authors (
    paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
    position INTEGER NOT NULL,
    family TEXT NOT NULL,
    given TEXT NOT NULL,
    PRIMARY KEY (paper, position)
) WITHOUT ROWID;

CREATE TABLE identifiers (
    paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
    position INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (paper, position)
) WITHOUT ROWID;

CREATE INDEX identifiers_by_value ON identifiers (scheme, value);

CREATE TABLE keywords (
    paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
    position INTEGER NOT NULL,
    keyword TEXT NOT NULL,
    PRIMARY KEY (paper, position)
) WITHOUT ROWID;

CREATE TABLE cited_works (
    paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
    position INTEGER NOT NULL,
    identifier TEXT NOT NULL,  -- scheme:value
    PRIMARY KEY (paper, position)
) WITHOUT ROWID;

CREATE TABLE records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
    home INTEGER NOT NULL,  -- the paper it came to first; another than paper where that one was merged
    import INTEGER NOT NULL REFERENCES imports,
    source INTEGER NOT NULL REFERENCES sources,
    origin TEXT NOT NULL,  -- what the source calls it
    digest INTEGER NOT NULL,  -- of the whole record
    title_key INTEGER,  -- of title and first author
    year INTEGER,
    superseded_by INTEGER REFERENCES records,  -- a later state of the same record
    body TEXT  -- JSON; NULL where it is its paper's only record, for then the paper is what it says
);

CREATE INDEX records_by_origin ON records (origin, source);

CREATE INDEX records_by_title ON records (title_key) WHERE title_key IS NOT NULL;

CREATE INDEX records_by_paper ON records (paper, source);

CREATE INDEX records_by_home ON records (home) WHERE home <> paper;

CREATE INDEX records_by_superseder ON records (superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE merges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    import INTEGER NOT NULL REFERENCES imports,
    at TEXT NOT NULL,
    paper INTEGER NOT NULL,
    record INTEGER NOT NULL,  -- the one that joined, or that joined the two papers
    absorbed INTEGER,  -- the other paper, where the record showed two to be one
    why TEXT NOT NULL,
    undone_at TEXT
);

CREATE INDEX merges_by_paper ON merges (paper);

CREATE TABLE apart (
    one INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
    PRIMARY KEY (one, other),
    CHECK (one < other)
) WITHOUT ROWID;

CREATE INDEX apart_by_other ON apart (other);

CREATE TABLE labels (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('tag', 'collection')),
    name TEXT NOT NULL,
    UNIQUE (kind, name)
);

CREATE TABLE labelled (
    paper INTEGER NOT NULL REFERENCES papers ON DELETE CASCADE,
    label INTEGER NOT NULL REFERENCES labels ON DELETE CASCADE,
    import INTEGER REFERENCES imports,  -- NULL where a person gave it
    merge INTEGER,  -- the merge it was taken over by
    PRIMARY KEY (paper, label)
) WITHOUT ROWID;

CREATE INDEX labelled_by_label ON labelled (label);

CREATE INDEX labelled_by_import ON labelled (import) WHERE import IS NOT NULL;

CREATE TABLE changes (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    paper INTEGER NOT NULL,
    kind TEXT NOT NULL,
    import INTEGER,
    at TEXT NOT NULL
);

CREATE TABLE searches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    text TEXT NOT NULL,
    filters TEXT NOT NULL,
    revision INTEGER NOT NULL,
    count INTEGER NOT NULL
)"""

M003 = """
CREATE TABLE screenings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    question TEXT NOT NULL,
    include TEXT NOT NULL,  -- a JSON array of criteria
    exclude TEXT NOT NULL,
    candidates TEXT NOT NULL,  -- a query; empty for all papers
    created_at TEXT NOT NULL
);

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    screening INTEGER NOT NULL REFERENCES screenings,
    paper INTEGER NOT NULL,  -- as it was called then: it may have been merged since, or be gone
    verdict TEXT CHECK (verdict IN ('include', 'maybe', 'exclude')),  -- NULL where one is taken back
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    takes_back INTEGER REFERENCES decisions,
    CHECK ((verdict IS NULL) = (takes_back IS NOT NULL))
);

CREATE INDEX decisions_by_screening ON decisions (screening)"""

M006 = """
CREATE TABLE departed (
    paper INTEGER PRIMARY KEY,  -- as it was called
    body TEXT NOT NULL,  -- JSON: title, authors, year and identifiers
    returned INTEGER REFERENCES papers ON DELETE SET NULL  -- what it is called since it was added again
);

CREATE INDEX departed_by_returned ON departed (returned);

CREATE TABLE departed_names (
    paper INTEGER NOT NULL REFERENCES departed ON DELETE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (paper, name)
) WITHOUT ROWID;

CREATE INDEX departed_by_name ON departed_names (name);

CREATE INDEX decisions_by_paper ON decisions (paper)"""
