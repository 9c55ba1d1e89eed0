-- The system of record: the blueprint's table, and the version that orders an entity's changes everywhere.

CREATE TABLE entities (
  id UUID PRIMARY KEY DEFAULT uuidv7(),
  name VARCHAR(255) NOT NULL CHECK (name <> ''),
  attributes JSONB CHECK (jsonb_typeof(attributes) = 'object'),
  created_at TIMESTAMPTZ DEFAULT now() CHECK (created_at >= '0001-01-01 00:00Z' AND created_at < '9999-12-31 00:00Z'),
  updated_at TIMESTAMPTZ,
  version BIGINT NOT NULL
);

-- Newest first, page by page.
CREATE INDEX entities_newest ON entities (created_at DESC, id DESC);

-- The version a deletion took: an entity created again under its id goes on from there.
CREATE TABLE entity_tombstones (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL
);

-- RFC 3339 in UTC with the microseconds the database keeps.
CREATE FUNCTION rfc3339(moment TIMESTAMPTZ) RETURNS TEXT LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- An entity as every interface shows it. The only place that says so: readings and changes use it.
CREATE FUNCTION entity_json(entity entities) RETURNS JSON LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT json_build_object(
    'id', entity.id,
    'name', entity.name,
    'attributes', coalesce(entity.attributes, '{}'),
    'createdAt', rfc3339(entity.created_at),
    'updatedAt', rfc3339(entity.updated_at),
    'version', entity.version)
$$;

-- Whoever inserts, the version is the database's: 1, or one more than the tombstone's.
CREATE FUNCTION number_inserted_entity() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  buried BIGINT;
BEGIN
  SELECT version INTO buried FROM entity_tombstones WHERE id = NEW.id;
  NEW.version := coalesce(buried, 0) + 1;
  NEW.created_at := coalesce(NEW.created_at, now());
  NEW.updated_at := NEW.created_at;
  RETURN NEW;
END $$;
CREATE TRIGGER number_inserted_entity BEFORE INSERT ON entities
  FOR EACH ROW EXECUTE FUNCTION number_inserted_entity();

-- The row is locked here, so versions have no gaps, and later versions no earlier times (unless the clock goes back).
CREATE FUNCTION number_updated_entity() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id THEN
    RAISE EXCEPTION 'an entity keeps its id' USING ERRCODE = 'check_violation';
  END IF;
  NEW.version := OLD.version + 1;
  NEW.created_at := OLD.created_at;
  NEW.updated_at := greatest(clock_timestamp(), OLD.updated_at);
  RETURN NEW;
END $$;
CREATE TRIGGER number_updated_entity BEFORE UPDATE ON entities
  FOR EACH ROW EXECUTE FUNCTION number_updated_entity();

CREATE FUNCTION refuse_truncation() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'TRUNCATE would delete entities without a change anyone hears of; use DELETE'
    USING ERRCODE = 'feature_not_supported';
END $$;
CREATE TRIGGER refuse_truncation BEFORE TRUNCATE ON entities
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncation();
