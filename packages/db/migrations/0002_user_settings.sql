CREATE TABLE "user_settings" (
	"user_uuid" uuid PRIMARY KEY NOT NULL,
	"who_may_message" text DEFAULT 'everyone' NOT NULL,
	"sends_read_receipts" boolean DEFAULT true NOT NULL,
	"sends_typing" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
ALTER TABLE "user_settings" ADD CONSTRAINT "user_settings_user_uuid_users_uuid_fk" FOREIGN KEY ("user_uuid") REFERENCES "public"."users"("uuid") ON DELETE cascade ON UPDATE no action;