CREATE EXTENSION IF NOT EXISTS "citext";
DO 'BEGIN IF to_regtype(''"order_status"'') IS NULL THEN CREATE TYPE "order_status" AS ENUM (); END IF; END';
DO 'BEGIN IF to_regtype(''"pg_catalog"."tsvector"'') IS NULL THEN CREATE TYPE "pg_catalog"."tsvector" AS ENUM (); END IF; END';
CREATE TABLE "public"."addresses" (
    "id" bigint NOT NULL,
    "customer_id" bigint NOT NULL,
    "amount" numeric NOT NULL,
    "is_active" boolean NOT NULL,
    "position" smallint NOT NULL,
    "weight" double precision,
    "payload" bytea NOT NULL,
    "settings" json,
    "email" citext NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_addresses" PRIMARY KEY ("id")
);
CREATE TABLE "public"."api_keys" (
    "id" bigint NOT NULL,
    "user_id" bigint,
    "email" citext NOT NULL,
    "position" smallint NOT NULL,
    "took" interval,
    "name" character varying(255) NOT NULL,
    "token" uuid NOT NULL,
    "currency" character(3) NOT NULL,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_api_keys" PRIMARY KEY ("id")
);
CREATE TABLE "public"."attribute_values" (
    "id" bigint NOT NULL,
    "attribute_id" bigint,
    "valid_during" tstzrange,
    "mac" macaddr,
    "due_on" date,
    "email" citext NOT NULL,
    "starts_at" time without time zone,
    "external_id" character varying(64),
    "status" "order_status" NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_attribute_values" PRIMARY KEY ("id")
);
CREATE TABLE "public"."attributes" (
    "id" bigint NOT NULL,
    "metadata" jsonb NOT NULL,
    "mac" macaddr,
    "position" smallint NOT NULL,
    "valid_during" tstzrange,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_attributes" PRIMARY KEY ("id")
);
CREATE TABLE "public"."audit_log" (
    "id" bigint NOT NULL,
    "user_id" bigint NOT NULL,
    "search" "pg_catalog"."tsvector",
    "attempts" bigint NOT NULL,
    "quantity" integer NOT NULL,
    "due_on" date,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_audit_log" PRIMARY KEY ("id")
);
CREATE TABLE "public"."brands" (
    "id" bigint NOT NULL,
    "ip" inet,
    "network" cidr,
    "description" text,
    "ratio" real,
    "took" interval,
    "status" "order_status" NOT NULL,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_brands" PRIMARY KEY ("id")
);
CREATE TABLE "public"."cart_lines" (
    "id" bigint NOT NULL,
    "cart_id" bigint,
    "product_variant_id" bigint NOT NULL,
    "valid_during" tstzrange,
    "network" cidr,
    "search" "pg_catalog"."tsvector",
    "external_id" character varying(64),
    "scores" integer[],
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_cart_lines" PRIMARY KEY ("id")
);
CREATE TABLE "public"."carts" (
    "id" bigint NOT NULL,
    "customer_id" bigint NOT NULL,
    "ratio" real,
    "scores" integer[],
    "due_on" date,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_carts" PRIMARY KEY ("id")
);
CREATE TABLE "public"."categories" (
    "id" bigint NOT NULL,
    "amount" numeric NOT NULL,
    "status" "order_status" NOT NULL,
    "position" smallint NOT NULL,
    "token" uuid NOT NULL,
    "valid_during" tstzrange,
    "description" text,
    "scores" integer[],
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_categories" PRIMARY KEY ("id")
);
CREATE TABLE "public"."collection_products" (
    "collection_id" bigint NOT NULL,
    "product_id" bigint NOT NULL,
    "status" "order_status" NOT NULL,
    "email" citext NOT NULL,
    "due_on" date,
    "took" interval,
    "labels" text[] NOT NULL,
    "quantity" integer NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_collection_products" PRIMARY KEY ("collection_id", "product_id")
);
CREATE TABLE "public"."collections" (
    "id" bigint NOT NULL,
    "amount" numeric NOT NULL,
    "labels" text[] NOT NULL,
    "scores" integer[],
    "position" smallint NOT NULL,
    "due_on" date,
    "name" character varying(255) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_collections" PRIMARY KEY ("id")
);
CREATE TABLE "public"."coupon_redemptions" (
    "id" bigint NOT NULL,
    "coupon_id" bigint,
    "order_id" bigint NOT NULL,
    "weight" double precision,
    "external_id" character varying(64),
    "settings" json,
    "description" text,
    "position" smallint NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_coupon_redemptions" PRIMARY KEY ("id")
);
CREATE TABLE "public"."coupons" (
    "id" bigint NOT NULL,
    "took" interval,
    "currency" character(3) NOT NULL,
    "ratio" real,
    "ip" inet,
    "is_active" boolean NOT NULL,
    "email" citext NOT NULL,
    "mac" macaddr,
    "network" cidr,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_coupons" PRIMARY KEY ("id")
);
CREATE TABLE "public"."customers" (
    "id" bigint NOT NULL,
    "user_id" bigint NOT NULL,
    "status" "order_status" NOT NULL,
    "attempts" bigint NOT NULL,
    "labels" text[] NOT NULL,
    "amount" numeric NOT NULL,
    "position" smallint NOT NULL,
    "description" text,
    "name" character varying(255) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_customers" PRIMARY KEY ("id")
);
CREATE TABLE "public"."deliveries" (
    "id" bigint NOT NULL,
    "purchase_order_id" bigint NOT NULL,
    "attempts" bigint NOT NULL,
    "valid_during" tstzrange,
    "position" smallint NOT NULL,
    "token" uuid NOT NULL,
    "quantity" integer NOT NULL,
    "due_on" date,
    "took" interval,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_deliveries" PRIMARY KEY ("id")
);
CREATE TABLE "public"."delivery_lines" (
    "id" bigint NOT NULL,
    "delivery_id" bigint,
    "due_on" date,
    "ip" inet,
    "external_id" character varying(64),
    "payload" bytea NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_delivery_lines" PRIMARY KEY ("id")
);
CREATE TABLE "public"."devices" (
    "id" bigint NOT NULL,
    "user_id" bigint NOT NULL,
    "network" cidr,
    "starts_at" time without time zone,
    "token" uuid NOT NULL,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_devices" PRIMARY KEY ("id")
);
CREATE TABLE "public"."email_templates" (
    "id" bigint NOT NULL,
    "email" citext NOT NULL,
    "starts_at" time without time zone,
    "due_on" date,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_email_templates" PRIMARY KEY ("id")
);
CREATE TABLE "public"."feature_flags" (
    "id" bigint NOT NULL,
    "email" citext NOT NULL,
    "search" "pg_catalog"."tsvector",
    "amount" numeric NOT NULL,
    "due_on" date,
    "settings" json,
    "status" "order_status" NOT NULL,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_feature_flags" PRIMARY KEY ("id")
);
CREATE TABLE "public"."gift_cards" (
    "id" bigint NOT NULL,
    "customer_id" bigint,
    "attempts" bigint NOT NULL,
    "payload" bytea NOT NULL,
    "is_active" boolean NOT NULL,
    "scores" integer[],
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_gift_cards" PRIMARY KEY ("id")
);
CREATE TABLE "public"."invoice_lines" (
    "id" bigint NOT NULL,
    "invoice_id" bigint,
    "starts_at" time without time zone,
    "labels" text[] NOT NULL,
    "description" text,
    "valid_during" tstzrange,
    "mac" macaddr,
    "scores" integer[],
    "token" uuid NOT NULL,
    "took" interval,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_invoice_lines" PRIMARY KEY ("id")
);
CREATE TABLE "public"."invoices" (
    "id" bigint NOT NULL,
    "order_id" bigint NOT NULL,
    "due_on" date,
    "email" citext NOT NULL,
    "search" "pg_catalog"."tsvector",
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_invoices" PRIMARY KEY ("id")
);
CREATE TABLE "public"."job_runs" (
    "id" bigint NOT NULL,
    "job_id" bigint NOT NULL,
    "due_on" date,
    "ratio" real,
    "currency" character(3) NOT NULL,
    "valid_during" tstzrange,
    "metadata" jsonb NOT NULL,
    "search" "pg_catalog"."tsvector",
    "description" text,
    "took" interval,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_job_runs" PRIMARY KEY ("id")
);
CREATE TABLE "public"."jobs" (
    "id" bigint NOT NULL,
    "quantity" integer NOT NULL,
    "mac" macaddr,
    "amount" numeric NOT NULL,
    "token" uuid NOT NULL,
    "weight" double precision,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_jobs" PRIMARY KEY ("id")
);
CREATE TABLE "public"."login_attempts" (
    "id" bigint NOT NULL,
    "user_id" bigint NOT NULL,
    "metadata" jsonb NOT NULL,
    "labels" text[] NOT NULL,
    "due_on" date,
    "quantity" integer NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_login_attempts" PRIMARY KEY ("id")
);
CREATE TABLE "public"."order_events" (
    "id" bigint NOT NULL,
    "order_id" bigint,
    "status" "order_status" NOT NULL,
    "mac" macaddr,
    "starts_at" time without time zone,
    "valid_during" tstzrange,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_order_events" PRIMARY KEY ("id")
);
CREATE TABLE "public"."order_lines" (
    "id" bigint NOT NULL,
    "order_id" bigint NOT NULL,
    "product_variant_id" bigint NOT NULL,
    "external_id" character varying(64),
    "took" interval,
    "scores" integer[],
    "labels" text[] NOT NULL,
    "ip" inet,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_order_lines" PRIMARY KEY ("id")
);
CREATE TABLE "public"."orders" (
    "id" bigint NOT NULL,
    "customer_id" bigint NOT NULL,
    "name" character varying(255) NOT NULL,
    "took" interval,
    "weight" double precision,
    "search" "pg_catalog"."tsvector",
    "settings" json,
    "email" citext NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_orders" PRIMARY KEY ("id")
);
CREATE TABLE "public"."password_resets" (
    "id" bigint NOT NULL,
    "user_id" bigint NOT NULL,
    "labels" text[] NOT NULL,
    "payload" bytea NOT NULL,
    "due_on" date,
    "valid_during" tstzrange,
    "position" smallint NOT NULL,
    "network" cidr,
    "quantity" integer NOT NULL,
    "ratio" real,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_password_resets" PRIMARY KEY ("id")
);
CREATE TABLE "public"."payments" (
    "id" bigint NOT NULL,
    "order_id" bigint NOT NULL,
    "email" citext NOT NULL,
    "description" text,
    "quantity" integer NOT NULL,
    "mac" macaddr,
    "settings" json,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_payments" PRIMARY KEY ("id")
);
CREATE TABLE "public"."permissions" (
    "id" bigint NOT NULL,
    "status" "order_status" NOT NULL,
    "scores" integer[],
    "valid_during" tstzrange,
    "due_on" date,
    "payload" bytea NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_permissions" PRIMARY KEY ("id")
);
CREATE TABLE "public"."product_categories" (
    "product_id" bigint NOT NULL,
    "category_id" bigint NOT NULL,
    "status" "order_status" NOT NULL,
    "currency" character(3) NOT NULL,
    "labels" text[] NOT NULL,
    "weight" double precision,
    "quantity" integer NOT NULL,
    "mac" macaddr,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_product_categories" PRIMARY KEY ("product_id", "category_id")
);
CREATE TABLE "public"."product_images" (
    "id" bigint NOT NULL,
    "product_id" bigint NOT NULL,
    "quantity" integer NOT NULL,
    "token" uuid NOT NULL,
    "is_active" boolean NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_product_images" PRIMARY KEY ("id")
);
CREATE TABLE "public"."product_tags" (
    "product_id" bigint NOT NULL,
    "tag_id" bigint NOT NULL,
    "starts_at" time without time zone,
    "took" interval,
    "ip" inet,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_product_tags" PRIMARY KEY ("product_id", "tag_id")
);
CREATE TABLE "public"."product_variants" (
    "id" bigint NOT NULL,
    "product_id" bigint,
    "weight" double precision,
    "payload" bytea NOT NULL,
    "mac" macaddr,
    "took" interval,
    "settings" json,
    "name" character varying(255) NOT NULL,
    "is_active" boolean NOT NULL,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_product_variants" PRIMARY KEY ("id")
);
CREATE TABLE "public"."products" (
    "id" bigint NOT NULL,
    "brand_id" bigint NOT NULL,
    "name" character varying(255) NOT NULL,
    "mac" macaddr,
    "payload" bytea NOT NULL,
    "currency" character(3) NOT NULL,
    "took" interval,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_products" PRIMARY KEY ("id")
);
CREATE TABLE "public"."purchase_order_lines" (
    "id" bigint NOT NULL,
    "purchase_order_id" bigint NOT NULL,
    "product_variant_id" bigint NOT NULL,
    "mac" macaddr,
    "settings" json,
    "valid_during" tstzrange,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_purchase_order_lines" PRIMARY KEY ("id")
);
CREATE TABLE "public"."purchase_orders" (
    "id" bigint NOT NULL,
    "supplier_id" bigint NOT NULL,
    "external_id" character varying(64),
    "ratio" real,
    "currency" character(3) NOT NULL,
    "description" text,
    "valid_during" tstzrange,
    "amount" numeric NOT NULL,
    "token" uuid NOT NULL,
    "due_on" date,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_purchase_orders" PRIMARY KEY ("id")
);
CREATE TABLE "public"."refunds" (
    "id" bigint NOT NULL,
    "payment_id" bigint NOT NULL,
    "starts_at" time without time zone,
    "is_active" boolean NOT NULL,
    "status" "order_status" NOT NULL,
    "ip" inet,
    "mac" macaddr,
    "weight" double precision,
    "token" uuid NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_refunds" PRIMARY KEY ("id")
);
CREATE TABLE "public"."review_votes" (
    "id" bigint NOT NULL,
    "review_id" bigint NOT NULL,
    "customer_id" bigint,
    "ip" inet,
    "search" "pg_catalog"."tsvector",
    "settings" json,
    "name" character varying(255) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_review_votes" PRIMARY KEY ("id")
);
CREATE TABLE "public"."reviews" (
    "id" bigint NOT NULL,
    "product_id" bigint NOT NULL,
    "customer_id" bigint,
    "weight" double precision,
    "settings" json,
    "scores" integer[],
    "email" citext NOT NULL,
    "mac" macaddr,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_reviews" PRIMARY KEY ("id")
);
CREATE TABLE "public"."role_permissions" (
    "role_id" bigint NOT NULL,
    "permission_id" bigint NOT NULL,
    "search" "pg_catalog"."tsvector",
    "status" "order_status" NOT NULL,
    "mac" macaddr,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_role_permissions" PRIMARY KEY ("role_id", "permission_id")
);
CREATE TABLE "public"."roles" (
    "id" bigint NOT NULL,
    "name" character varying(255) NOT NULL,
    "quantity" integer NOT NULL,
    "amount" numeric NOT NULL,
    "valid_during" tstzrange,
    "mac" macaddr,
    "ratio" real,
    "currency" character(3) NOT NULL,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_roles" PRIMARY KEY ("id")
);
CREATE TABLE "public"."sent_emails" (
    "id" bigint NOT NULL,
    "email_template_id" bigint NOT NULL,
    "user_id" bigint NOT NULL,
    "search" "pg_catalog"."tsvector",
    "weight" double precision,
    "quantity" integer NOT NULL,
    "is_active" boolean NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_sent_emails" PRIMARY KEY ("id")
);
CREATE TABLE "public"."sessions" (
    "id" bigint NOT NULL,
    "user_id" bigint NOT NULL,
    "metadata" jsonb NOT NULL,
    "mac" macaddr,
    "search" "pg_catalog"."tsvector",
    "attempts" bigint NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_sessions" PRIMARY KEY ("id")
);
CREATE TABLE "public"."shipment_lines" (
    "id" bigint NOT NULL,
    "shipment_id" bigint NOT NULL,
    "order_line_id" bigint NOT NULL,
    "is_active" boolean NOT NULL,
    "ip" inet,
    "ratio" real,
    "attempts" bigint NOT NULL,
    "mac" macaddr,
    "scores" integer[],
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_shipment_lines" PRIMARY KEY ("id")
);
CREATE TABLE "public"."shipments" (
    "id" bigint NOT NULL,
    "order_id" bigint,
    "shipping_method_id" bigint NOT NULL,
    "ratio" real,
    "attempts" bigint NOT NULL,
    "payload" bytea NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_shipments" PRIMARY KEY ("id")
);
CREATE TABLE "public"."shipping_methods" (
    "id" bigint NOT NULL,
    "description" text,
    "payload" bytea NOT NULL,
    "network" cidr,
    "search" "pg_catalog"."tsvector",
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_shipping_methods" PRIMARY KEY ("id")
);
CREATE TABLE "public"."stock_levels" (
    "warehouse_id" bigint NOT NULL,
    "product_variant_id" bigint NOT NULL,
    "scores" integer[],
    "took" interval,
    "email" citext NOT NULL,
    "is_active" boolean NOT NULL,
    "name" character varying(255) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_stock_levels" PRIMARY KEY ("warehouse_id", "product_variant_id")
);
CREATE TABLE "public"."stock_movements" (
    "id" bigint NOT NULL,
    "warehouse_id" bigint NOT NULL,
    "product_variant_id" bigint NOT NULL,
    "metadata" jsonb NOT NULL,
    "labels" text[] NOT NULL,
    "due_on" date,
    "quantity" integer NOT NULL,
    "is_active" boolean NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_stock_movements" PRIMARY KEY ("id")
);
CREATE TABLE "public"."stock_reservations" (
    "id" bigint NOT NULL,
    "order_id" bigint NOT NULL,
    "product_variant_id" bigint NOT NULL,
    "attempts" bigint NOT NULL,
    "metadata" jsonb NOT NULL,
    "ip" inet,
    "due_on" date,
    "starts_at" time without time zone,
    "email" citext NOT NULL,
    "token" uuid NOT NULL,
    "type" character varying(32) NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_stock_reservations" PRIMARY KEY ("id")
);
CREATE TABLE "public"."suppliers" (
    "id" bigint NOT NULL,
    "ip" inet,
    "metadata" jsonb NOT NULL,
    "valid_during" tstzrange,
    "network" cidr,
    "took" interval,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_suppliers" PRIMARY KEY ("id")
);
CREATE TABLE "public"."tags" (
    "id" bigint NOT NULL,
    "status" "order_status" NOT NULL,
    "description" text,
    "email" citext NOT NULL,
    "payload" bytea NOT NULL,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_tags" PRIMARY KEY ("id")
);
CREATE TABLE "public"."tax_rates" (
    "id" bigint NOT NULL,
    "email" citext NOT NULL,
    "description" text,
    "labels" text[] NOT NULL,
    "payload" bytea NOT NULL,
    "currency" character(3) NOT NULL,
    "status" "order_status" NOT NULL,
    "weight" double precision,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_tax_rates" PRIMARY KEY ("id")
);
CREATE TABLE "public"."user_roles" (
    "user_id" bigint NOT NULL,
    "role_id" bigint NOT NULL,
    "mac" macaddr,
    "network" cidr,
    "external_id" character varying(64),
    "took" interval,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_user_roles" PRIMARY KEY ("user_id", "role_id")
);
CREATE TABLE "public"."users" (
    "id" bigint NOT NULL,
    "currency" character(3) NOT NULL,
    "status" "order_status" NOT NULL,
    "token" uuid NOT NULL,
    "payload" bytea NOT NULL,
    "is_active" boolean NOT NULL,
    "due_on" date,
    "created_at" timestamp with time zone NOT NULL,
    "archived_at" timestamp without time zone,
    CONSTRAINT "pk_users" PRIMARY KEY ("id")
);
CREATE TABLE "public"."variant_attribute_values" (
    "product_variant_id" bigint NOT NULL,
    "attribute_value_id" bigint NOT NULL,
    "attempts" bigint NOT NULL,
    "name" character varying(255) NOT NULL,
    "took" interval,
    "due_on" date,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_variant_attribute_values" PRIMARY KEY ("product_variant_id", "attribute_value_id")
);
CREATE TABLE "public"."warehouses" (
    "id" bigint NOT NULL,
    "ip" inet,
    "ratio" real,
    "description" text,
    "mac" macaddr,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_warehouses" PRIMARY KEY ("id")
);
CREATE TABLE "public"."webhook_deliveries" (
    "id" bigint NOT NULL,
    "webhook_id" bigint NOT NULL,
    "ratio" real,
    "took" interval,
    "name" character varying(255) NOT NULL,
    "labels" text[] NOT NULL,
    "attempts" bigint NOT NULL,
    "token" uuid NOT NULL,
    "network" cidr,
    "created_at" timestamp with time zone NOT NULL,
    CONSTRAINT "pk_webhook_deliveries" PRIMARY KEY ("id")
);
CREATE TABLE "public"."webhooks" (
    "id" bigint NOT NULL,
    "mac" macaddr,
    "scores" integer[],
    "currency" character(3) NOT NULL,
    "attempts" bigint NOT NULL,
    "labels" text[] NOT NULL,
    "network" cidr,
    "ip" inet,
    "created_at" timestamp with time zone NOT NULL,
    "updated_at" timestamp with time zone,
    CONSTRAINT "pk_webhooks" PRIMARY KEY ("id")
);
ALTER TABLE "public"."addresses" ADD CONSTRAINT "fk_addresses_customer_id" FOREIGN KEY ("customer_id") REFERENCES "public"."customers" ("id");
ALTER TABLE "public"."api_keys" ADD CONSTRAINT "fk_api_keys_user_id" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id");
ALTER TABLE "public"."attribute_values" ADD CONSTRAINT "fk_attribute_values_attribute_id" FOREIGN KEY ("attribute_id") REFERENCES "public"."attributes" ("id");
ALTER TABLE "public"."audit_log" ADD CONSTRAINT "fk_audit_log_user_id" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id");
ALTER TABLE "public"."cart_lines" ADD CONSTRAINT "fk_cart_lines_cart_id" FOREIGN KEY ("cart_id") REFERENCES "public"."carts" ("id");
ALTER TABLE "public"."cart_lines" ADD CONSTRAINT "fk_cart_lines_product_variant_id" FOREIGN KEY ("product_variant_id") REFERENCES "public"."product_variants" ("id");
ALTER TABLE "public"."carts" ADD CONSTRAINT "fk_carts_customer_id" FOREIGN KEY ("customer_id") REFERENCES "public"."customers" ("id");
ALTER TABLE "public"."collection_products" ADD CONSTRAINT "fk_collection_products_collection_id" FOREIGN KEY ("collection_id") REFERENCES "public"."collections" ("id");
ALTER TABLE "public"."collection_products" ADD CONSTRAINT "fk_collection_products_product_id" FOREIGN KEY ("product_id") REFERENCES "public"."products" ("id");
ALTER TABLE "public"."coupon_redemptions" ADD CONSTRAINT "fk_coupon_redemptions_coupon_id" FOREIGN KEY ("coupon_id") REFERENCES "public"."coupons" ("id");
ALTER TABLE "public"."coupon_redemptions" ADD CONSTRAINT "fk_coupon_redemptions_order_id" FOREIGN KEY ("order_id") REFERENCES "public"."orders" ("id");
ALTER TABLE "public"."customers" ADD CONSTRAINT "fk_customers_user_id" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id");
ALTER TABLE "public"."deliveries" ADD CONSTRAINT "fk_deliveries_purchase_order_id" FOREIGN KEY ("purchase_order_id") REFERENCES "public"."purchase_orders" ("id");
ALTER TABLE "public"."delivery_lines" ADD CONSTRAINT "fk_delivery_lines_delivery_id" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries" ("id");
ALTER TABLE "public"."devices" ADD CONSTRAINT "fk_devices_user_id" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id");
ALTER TABLE "public"."gift_cards" ADD CONSTRAINT "fk_gift_cards_customer_id" FOREIGN KEY ("customer_id") REFERENCES "public"."customers" ("id");
ALTER TABLE "public"."invoice_lines" ADD CONSTRAINT "fk_invoice_lines_invoice_id" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices" ("id");
ALTER TABLE "public"."invoices" ADD CONSTRAINT "fk_invoices_order_id" FOREIGN KEY ("order_id") REFERENCES "public"."orders" ("id");
ALTER TABLE "public"."job_runs" ADD CONSTRAINT "fk_job_runs_job_id" FOREIGN KEY ("job_id") REFERENCES "public"."jobs" ("id");
ALTER TABLE "public"."login_attempts" ADD CONSTRAINT "fk_login_attempts_user_id" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id");
ALTER TABLE "public"."order_events" ADD CONSTRAINT "fk_order_events_order_id" FOREIGN KEY ("order_id") REFERENCES "public"."orders" ("id");
ALTER TABLE "public"."order_lines" ADD CONSTRAINT "fk_order_lines_order_id" FOREIGN KEY ("order_id") REFERENCES "public"."orders" ("id");
ALTER TABLE "public"."order_lines" ADD CONSTRAINT "fk_order_lines_product_variant_id" FOREIGN KEY ("product_variant_id") REFERENCES "public"."product_variants" ("id");
ALTER TABLE "public"."orders" ADD CONSTRAINT "fk_orders_customer_id" FOREIGN KEY ("customer_id") REFERENCES "public"."customers" ("id");
ALTER TABLE "public"."password_resets" ADD CONSTRAINT "fk_password_resets_user_id" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id");
ALTER TABLE "public"."payments" ADD CONSTRAINT "fk_payments_order_id" FOREIGN KEY ("order_id") REFERENCES "public"."orders" ("id");
ALTER TABLE "public"."product_categories" ADD CONSTRAINT "fk_product_categories_category_id" FOREIGN KEY ("category_id") REFERENCES "public"."categories" ("id");
ALTER TABLE "public"."product_categories" ADD CONSTRAINT "fk_product_categories_product_id" FOREIGN KEY ("product_id") REFERENCES "public"."products" ("id");
ALTER TABLE "public"."product_images" ADD CONSTRAINT "fk_product_images_product_id" FOREIGN KEY ("product_id") REFERENCES "public"."products" ("id");
ALTER TABLE "public"."product_tags" ADD CONSTRAINT "fk_product_tags_product_id" FOREIGN KEY ("product_id") REFERENCES "public"."products" ("id");
ALTER TABLE "public"."product_tags" ADD CONSTRAINT "fk_product_tags_tag_id" FOREIGN KEY ("tag_id") REFERENCES "public"."tags" ("id");
ALTER TABLE "public"."product_variants" ADD CONSTRAINT "fk_product_variants_product_id" FOREIGN KEY ("product_id") REFERENCES "public"."products" ("id");
ALTER TABLE "public"."products" ADD CONSTRAINT "fk_products_brand_id" FOREIGN KEY ("brand_id") REFERENCES "public"."brands" ("id");
ALTER TABLE "public"."purchase_order_lines" ADD CONSTRAINT "fk_purchase_order_lines_product_variant_id" FOREIGN KEY ("product_variant_id") REFERENCES "public"."product_variants" ("id");
ALTER TABLE "public"."purchase_order_lines" ADD CONSTRAINT "fk_purchase_order_lines_purchase_order_id" FOREIGN KEY ("purchase_order_id") REFERENCES "public"."purchase_orders" ("id");
ALTER TABLE "public"."purchase_orders" ADD CONSTRAINT "fk_purchase_orders_supplier_id" FOREIGN KEY ("supplier_id") REFERENCES "public"."suppliers" ("id");
ALTER TABLE "public"."refunds" ADD CONSTRAINT "fk_refunds_payment_id" FOREIGN KEY ("payment_id") REFERENCES "public"."payments" ("id");
ALTER TABLE "public"."review_votes" ADD CONSTRAINT "fk_review_votes_customer_id" FOREIGN KEY ("customer_id") REFERENCES "public"."customers" ("id");
ALTER TABLE "public"."review_votes" ADD CONSTRAINT "fk_review_votes_review_id" FOREIGN KEY ("review_id") REFERENCES "public"."reviews" ("id");
ALTER TABLE "public"."reviews" ADD CONSTRAINT "fk_reviews_customer_id" FOREIGN KEY ("customer_id") REFERENCES "public"."customers" ("id");
ALTER TABLE "public"."reviews" ADD CONSTRAINT "fk_reviews_product_id" FOREIGN KEY ("product_id") REFERENCES "public"."products" ("id");
ALTER TABLE "public"."role_permissions" ADD CONSTRAINT "fk_role_permissions_permission_id" FOREIGN KEY ("permission_id") REFERENCES "public"."permissions" ("id");
ALTER TABLE "public"."role_permissions" ADD CONSTRAINT "fk_role_permissions_role_id" FOREIGN KEY ("role_id") REFERENCES "public"."roles" ("id");
ALTER TABLE "public"."sent_emails" ADD CONSTRAINT "fk_sent_emails_email_template_id" FOREIGN KEY ("email_template_id") REFERENCES "public"."email_templates" ("id");
ALTER TABLE "public"."sent_emails" ADD CONSTRAINT "fk_sent_emails_user_id" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id");
ALTER TABLE "public"."sessions" ADD CONSTRAINT "fk_sessions_user_id" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id");
ALTER TABLE "public"."shipment_lines" ADD CONSTRAINT "fk_shipment_lines_order_line_id" FOREIGN KEY ("order_line_id") REFERENCES "public"."order_lines" ("id");
ALTER TABLE "public"."shipment_lines" ADD CONSTRAINT "fk_shipment_lines_shipment_id" FOREIGN KEY ("shipment_id") REFERENCES "public"."shipments" ("id");
ALTER TABLE "public"."shipments" ADD CONSTRAINT "fk_shipments_order_id" FOREIGN KEY ("order_id") REFERENCES "public"."orders" ("id");
ALTER TABLE "public"."shipments" ADD CONSTRAINT "fk_shipments_shipping_method_id" FOREIGN KEY ("shipping_method_id") REFERENCES "public"."shipping_methods" ("id");
ALTER TABLE "public"."stock_levels" ADD CONSTRAINT "fk_stock_levels_product_variant_id" FOREIGN KEY ("product_variant_id") REFERENCES "public"."product_variants" ("id");
ALTER TABLE "public"."stock_levels" ADD CONSTRAINT "fk_stock_levels_warehouse_id" FOREIGN KEY ("warehouse_id") REFERENCES "public"."warehouses" ("id");
ALTER TABLE "public"."stock_movements" ADD CONSTRAINT "fk_stock_movements_product_variant_id" FOREIGN KEY ("product_variant_id") REFERENCES "public"."product_variants" ("id");
ALTER TABLE "public"."stock_movements" ADD CONSTRAINT "fk_stock_movements_warehouse_id" FOREIGN KEY ("warehouse_id") REFERENCES "public"."warehouses" ("id");
ALTER TABLE "public"."stock_reservations" ADD CONSTRAINT "fk_stock_reservations_order_id" FOREIGN KEY ("order_id") REFERENCES "public"."orders" ("id");
ALTER TABLE "public"."stock_reservations" ADD CONSTRAINT "fk_stock_reservations_product_variant_id" FOREIGN KEY ("product_variant_id") REFERENCES "public"."product_variants" ("id");
ALTER TABLE "public"."user_roles" ADD CONSTRAINT "fk_user_roles_role_id" FOREIGN KEY ("role_id") REFERENCES "public"."roles" ("id");
ALTER TABLE "public"."user_roles" ADD CONSTRAINT "fk_user_roles_user_id" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id");
ALTER TABLE "public"."variant_attribute_values" ADD CONSTRAINT "fk_variant_attribute_values_attribute_value_id" FOREIGN KEY ("attribute_value_id") REFERENCES "public"."attribute_values" ("id");
ALTER TABLE "public"."variant_attribute_values" ADD CONSTRAINT "fk_variant_attribute_values_product_variant_id" FOREIGN KEY ("product_variant_id") REFERENCES "public"."product_variants" ("id");
ALTER TABLE "public"."webhook_deliveries" ADD CONSTRAINT "fk_webhook_deliveries_webhook_id" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks" ("id");
