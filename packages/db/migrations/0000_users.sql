-- Generated, then edited by hand: the origin's databases have this table already, without these indexes. IF NOT EXISTS
-- adopts it with its rows; the two defaults end its dependence on the uuid-ossp extension.
CREATE TABLE IF NOT EXISTS "users" (
	"uuid" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"display_name" text NOT NULL,
	"handle" text NOT NULL,
	"email" text NOT NULL,
	"cognito_user_id" text NOT NULL,
	"created_at" timestamp DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "uuid" SET DEFAULT gen_random_uuid(), ALTER COLUMN "created_at" SET DEFAULT now();--> statement-breakpoint
CREATE UNIQUE INDEX IF NOT EXISTS "users_handle_unique" ON "users" USING btree (lower("handle") collate "C");--> statement-breakpoint
CREATE UNIQUE INDEX IF NOT EXISTS "users_cognito_user_id_unique" ON "users" USING btree ("cognito_user_id") WHERE "users"."cognito_user_id" <> 'MOCK';--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "users_search_words" ON "users" USING gin (array_to_tsvector(array_remove(regexp_split_to_array(lower(left("display_name", 200)), '[[:space:]]+') || regexp_split_to_array(lower(left("display_name", 200)), '[[:space:][:punct:]]+') || lower(left("handle", 200)), ''))) WITH (fastupdate=false);
