CREATE TABLE "search_cleared" (
	"user_uuid" uuid NOT NULL,
	"message_group_uuid" uuid NOT NULL,
	"cleared_through" bigint NOT NULL,
	CONSTRAINT "search_cleared_user_uuid_message_group_uuid_pk" PRIMARY KEY("user_uuid","message_group_uuid")
);
--> statement-breakpoint
CREATE TABLE "search_messages" (
	"message_group_uuid" uuid NOT NULL,
	"message_uuid" uuid NOT NULL,
	"sender_uuid" uuid NOT NULL,
	"recipient_uuid" uuid NOT NULL,
	"sent_at" bigint NOT NULL,
	"sort_key" text NOT NULL,
	"version" integer NOT NULL,
	"has_link" boolean NOT NULL,
	"folded" text NOT NULL,
	CONSTRAINT "search_messages_message_group_uuid_message_uuid_pk" PRIMARY KEY("message_group_uuid","message_uuid")
);
--> statement-breakpoint
CREATE INDEX "search_messages_sender" ON "search_messages" USING btree ("sender_uuid","sent_at");--> statement-breakpoint
CREATE INDEX "search_messages_recipient" ON "search_messages" USING btree ("recipient_uuid","sent_at");