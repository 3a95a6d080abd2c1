-- What reports count by. Rows written before this get their values from
-- `simpul rebuild`: they derive from what is sealed.

-- +goose Up

ALTER TABLE people ADD COLUMN outcome TEXT NOT NULL DEFAULT '';    -- code of the reason why it ended without a card
ALTER TABLE people ADD COLUMN step1 BIGINT NOT NULL DEFAULT 0;     -- ms on the SOP's clock of each step, 0 = not measured
ALTER TABLE people ADD COLUMN step2 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN step3 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN step4 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN step5 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN step6 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cards ADD COLUMN replacing BIGINT NOT NULL DEFAULT 0;  -- 1 when it took the place of another card

-- A row holds a kilobyte or two of sealed state, so counting over rows would read
-- the whole database: these indexes hold all that a report reads. They leave out
-- what is still being worked on, so that a step of a registration does not pay for
-- the report.
DROP INDEX people_issued;
CREATE INDEX people_members ON people (issued, until, sex, birth_year, district, education, occupation, kind, stop) WHERE member = 1;
CREATE INDEX people_day ON people (day, member, stage, source, outcome, timed, step1, step2, step3, step4, step5, step6)
    WHERE stage IN ('issued', 'done', 'refused', 'withdrawn', 'lapsed', 'same');
CREATE INDEX people_photo ON people (opened) WHERE photo = 'deferred';
CREATE INDEX visits_report ON visits (day, voided, kind, purpose, stop, late, people);
