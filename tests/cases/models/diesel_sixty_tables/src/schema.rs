// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "order_status"))]
    pub struct OrderStatus;

    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsvector", schema = "pg_catalog"))]
    pub struct Tsvector;
}

diesel::table! {
    addresses (id) {
        id -> Int8,
        customer_id -> Int8,
        amount -> Numeric,
        is_active -> Bool,
        position -> Int2,
        weight -> Nullable<Float8>,
        payload -> Bytea,
        settings -> Nullable<Json>,
        email -> Citext,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Int8,
        user_id -> Nullable<Int8>,
        email -> Citext,
        position -> Int2,
        took -> Nullable<Interval>,
        #[max_length = 255]
        name -> Varchar,
        token -> Uuid,
        #[max_length = 3]
        currency -> Bpchar,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    attribute_values (id) {
        id -> Int8,
        attribute_id -> Nullable<Int8>,
        valid_during -> Nullable<Tstzrange>,
        mac -> Nullable<Macaddr>,
        due_on -> Nullable<Date>,
        email -> Citext,
        starts_at -> Nullable<Time>,
        #[max_length = 64]
        external_id -> Nullable<Varchar>,
        status -> OrderStatus,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    attributes (id) {
        id -> Int8,
        metadata -> Jsonb,
        mac -> Nullable<Macaddr>,
        position -> Int2,
        valid_during -> Nullable<Tstzrange>,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    audit_log (id) {
        id -> Int8,
        user_id -> Int8,
        search -> Nullable<Tsvector>,
        attempts -> Int8,
        quantity -> Int4,
        due_on -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    brands (id) {
        id -> Int8,
        ip -> Nullable<Inet>,
        network -> Nullable<Cidr>,
        description -> Nullable<Text>,
        ratio -> Nullable<Float4>,
        took -> Nullable<Interval>,
        status -> OrderStatus,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    cart_lines (id) {
        id -> Int8,
        cart_id -> Nullable<Int8>,
        product_variant_id -> Int8,
        valid_during -> Nullable<Tstzrange>,
        network -> Nullable<Cidr>,
        search -> Nullable<Tsvector>,
        #[max_length = 64]
        external_id -> Nullable<Varchar>,
        scores -> Nullable<Array<Nullable<Int4>>>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    carts (id) {
        id -> Int8,
        customer_id -> Int8,
        ratio -> Nullable<Float4>,
        scores -> Nullable<Array<Nullable<Int4>>>,
        due_on -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    categories (id) {
        id -> Int8,
        amount -> Numeric,
        status -> OrderStatus,
        position -> Int2,
        token -> Uuid,
        valid_during -> Nullable<Tstzrange>,
        description -> Nullable<Text>,
        scores -> Nullable<Array<Nullable<Int4>>>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    collection_products (collection_id, product_id) {
        collection_id -> Int8,
        product_id -> Int8,
        status -> OrderStatus,
        email -> Citext,
        due_on -> Nullable<Date>,
        took -> Nullable<Interval>,
        labels -> Array<Nullable<Text>>,
        quantity -> Int4,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    collections (id) {
        id -> Int8,
        amount -> Numeric,
        labels -> Array<Nullable<Text>>,
        scores -> Nullable<Array<Nullable<Int4>>>,
        position -> Int2,
        due_on -> Nullable<Date>,
        #[max_length = 255]
        name -> Varchar,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    coupon_redemptions (id) {
        id -> Int8,
        coupon_id -> Nullable<Int8>,
        order_id -> Int8,
        weight -> Nullable<Float8>,
        #[max_length = 64]
        external_id -> Nullable<Varchar>,
        settings -> Nullable<Json>,
        description -> Nullable<Text>,
        position -> Int2,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    coupons (id) {
        id -> Int8,
        took -> Nullable<Interval>,
        #[max_length = 3]
        currency -> Bpchar,
        ratio -> Nullable<Float4>,
        ip -> Nullable<Inet>,
        is_active -> Bool,
        email -> Citext,
        mac -> Nullable<Macaddr>,
        network -> Nullable<Cidr>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    customers (id) {
        id -> Int8,
        user_id -> Int8,
        status -> OrderStatus,
        attempts -> Int8,
        labels -> Array<Nullable<Text>>,
        amount -> Numeric,
        position -> Int2,
        description -> Nullable<Text>,
        #[max_length = 255]
        name -> Varchar,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    deliveries (id) {
        id -> Int8,
        purchase_order_id -> Int8,
        attempts -> Int8,
        valid_during -> Nullable<Tstzrange>,
        position -> Int2,
        token -> Uuid,
        quantity -> Int4,
        due_on -> Nullable<Date>,
        took -> Nullable<Interval>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    delivery_lines (id) {
        id -> Int8,
        delivery_id -> Nullable<Int8>,
        due_on -> Nullable<Date>,
        ip -> Nullable<Inet>,
        #[max_length = 64]
        external_id -> Nullable<Varchar>,
        payload -> Bytea,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    devices (id) {
        id -> Int8,
        user_id -> Int8,
        network -> Nullable<Cidr>,
        starts_at -> Nullable<Time>,
        token -> Uuid,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    email_templates (id) {
        id -> Int8,
        email -> Citext,
        starts_at -> Nullable<Time>,
        due_on -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;
    use super::sql_types::Tsvector;

    feature_flags (id) {
        id -> Int8,
        email -> Citext,
        search -> Nullable<Tsvector>,
        amount -> Numeric,
        due_on -> Nullable<Date>,
        settings -> Nullable<Json>,
        status -> OrderStatus,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    gift_cards (id) {
        id -> Int8,
        customer_id -> Nullable<Int8>,
        attempts -> Int8,
        payload -> Bytea,
        is_active -> Bool,
        scores -> Nullable<Array<Nullable<Int4>>>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    invoice_lines (id) {
        id -> Int8,
        invoice_id -> Nullable<Int8>,
        starts_at -> Nullable<Time>,
        labels -> Array<Nullable<Text>>,
        description -> Nullable<Text>,
        valid_during -> Nullable<Tstzrange>,
        mac -> Nullable<Macaddr>,
        scores -> Nullable<Array<Nullable<Int4>>>,
        token -> Uuid,
        took -> Nullable<Interval>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    invoices (id) {
        id -> Int8,
        order_id -> Int8,
        due_on -> Nullable<Date>,
        email -> Citext,
        search -> Nullable<Tsvector>,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    job_runs (id) {
        id -> Int8,
        job_id -> Int8,
        due_on -> Nullable<Date>,
        ratio -> Nullable<Float4>,
        #[max_length = 3]
        currency -> Bpchar,
        valid_during -> Nullable<Tstzrange>,
        metadata -> Jsonb,
        search -> Nullable<Tsvector>,
        description -> Nullable<Text>,
        took -> Nullable<Interval>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    jobs (id) {
        id -> Int8,
        quantity -> Int4,
        mac -> Nullable<Macaddr>,
        amount -> Numeric,
        token -> Uuid,
        weight -> Nullable<Float8>,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    login_attempts (id) {
        id -> Int8,
        user_id -> Int8,
        metadata -> Jsonb,
        labels -> Array<Nullable<Text>>,
        due_on -> Nullable<Date>,
        quantity -> Int4,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    order_events (id) {
        id -> Int8,
        order_id -> Nullable<Int8>,
        status -> OrderStatus,
        mac -> Nullable<Macaddr>,
        starts_at -> Nullable<Time>,
        valid_during -> Nullable<Tstzrange>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    order_lines (id) {
        id -> Int8,
        order_id -> Int8,
        product_variant_id -> Int8,
        #[max_length = 64]
        external_id -> Nullable<Varchar>,
        took -> Nullable<Interval>,
        scores -> Nullable<Array<Nullable<Int4>>>,
        labels -> Array<Nullable<Text>>,
        ip -> Nullable<Inet>,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    orders (id) {
        id -> Int8,
        customer_id -> Int8,
        #[max_length = 255]
        name -> Varchar,
        took -> Nullable<Interval>,
        weight -> Nullable<Float8>,
        search -> Nullable<Tsvector>,
        settings -> Nullable<Json>,
        email -> Citext,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    password_resets (id) {
        id -> Int8,
        user_id -> Int8,
        labels -> Array<Nullable<Text>>,
        payload -> Bytea,
        due_on -> Nullable<Date>,
        valid_during -> Nullable<Tstzrange>,
        position -> Int2,
        network -> Nullable<Cidr>,
        quantity -> Int4,
        ratio -> Nullable<Float4>,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    payments (id) {
        id -> Int8,
        order_id -> Int8,
        email -> Citext,
        description -> Nullable<Text>,
        quantity -> Int4,
        mac -> Nullable<Macaddr>,
        settings -> Nullable<Json>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    permissions (id) {
        id -> Int8,
        status -> OrderStatus,
        scores -> Nullable<Array<Nullable<Int4>>>,
        valid_during -> Nullable<Tstzrange>,
        due_on -> Nullable<Date>,
        payload -> Bytea,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    product_categories (product_id, category_id) {
        product_id -> Int8,
        category_id -> Int8,
        status -> OrderStatus,
        #[max_length = 3]
        currency -> Bpchar,
        labels -> Array<Nullable<Text>>,
        weight -> Nullable<Float8>,
        quantity -> Int4,
        mac -> Nullable<Macaddr>,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    product_images (id) {
        id -> Int8,
        product_id -> Int8,
        quantity -> Int4,
        token -> Uuid,
        is_active -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    product_tags (product_id, tag_id) {
        product_id -> Int8,
        tag_id -> Int8,
        starts_at -> Nullable<Time>,
        took -> Nullable<Interval>,
        ip -> Nullable<Inet>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    product_variants (id) {
        id -> Int8,
        product_id -> Nullable<Int8>,
        weight -> Nullable<Float8>,
        payload -> Bytea,
        mac -> Nullable<Macaddr>,
        took -> Nullable<Interval>,
        settings -> Nullable<Json>,
        #[max_length = 255]
        name -> Varchar,
        is_active -> Bool,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    products (id) {
        id -> Int8,
        brand_id -> Int8,
        #[max_length = 255]
        name -> Varchar,
        mac -> Nullable<Macaddr>,
        payload -> Bytea,
        #[max_length = 3]
        currency -> Bpchar,
        took -> Nullable<Interval>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    purchase_order_lines (id) {
        id -> Int8,
        purchase_order_id -> Int8,
        product_variant_id -> Int8,
        mac -> Nullable<Macaddr>,
        settings -> Nullable<Json>,
        valid_during -> Nullable<Tstzrange>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    purchase_orders (id) {
        id -> Int8,
        supplier_id -> Int8,
        #[max_length = 64]
        external_id -> Nullable<Varchar>,
        ratio -> Nullable<Float4>,
        #[max_length = 3]
        currency -> Bpchar,
        description -> Nullable<Text>,
        valid_during -> Nullable<Tstzrange>,
        amount -> Numeric,
        token -> Uuid,
        due_on -> Nullable<Date>,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    refunds (id) {
        id -> Int8,
        payment_id -> Int8,
        starts_at -> Nullable<Time>,
        is_active -> Bool,
        status -> OrderStatus,
        ip -> Nullable<Inet>,
        mac -> Nullable<Macaddr>,
        weight -> Nullable<Float8>,
        token -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    review_votes (id) {
        id -> Int8,
        review_id -> Int8,
        customer_id -> Nullable<Int8>,
        ip -> Nullable<Inet>,
        search -> Nullable<Tsvector>,
        settings -> Nullable<Json>,
        #[max_length = 255]
        name -> Varchar,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    reviews (id) {
        id -> Int8,
        product_id -> Int8,
        customer_id -> Nullable<Int8>,
        weight -> Nullable<Float8>,
        settings -> Nullable<Json>,
        scores -> Nullable<Array<Nullable<Int4>>>,
        email -> Citext,
        mac -> Nullable<Macaddr>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;
    use super::sql_types::Tsvector;

    role_permissions (role_id, permission_id) {
        role_id -> Int8,
        permission_id -> Int8,
        search -> Nullable<Tsvector>,
        status -> OrderStatus,
        mac -> Nullable<Macaddr>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    roles (id) {
        id -> Int8,
        #[max_length = 255]
        name -> Varchar,
        quantity -> Int4,
        amount -> Numeric,
        valid_during -> Nullable<Tstzrange>,
        mac -> Nullable<Macaddr>,
        ratio -> Nullable<Float4>,
        #[max_length = 3]
        currency -> Bpchar,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    sent_emails (id) {
        id -> Int8,
        email_template_id -> Int8,
        user_id -> Int8,
        search -> Nullable<Tsvector>,
        weight -> Nullable<Float8>,
        quantity -> Int4,
        is_active -> Bool,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    sessions (id) {
        id -> Int8,
        user_id -> Int8,
        metadata -> Jsonb,
        mac -> Nullable<Macaddr>,
        search -> Nullable<Tsvector>,
        attempts -> Int8,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    shipment_lines (id) {
        id -> Int8,
        shipment_id -> Int8,
        order_line_id -> Int8,
        is_active -> Bool,
        ip -> Nullable<Inet>,
        ratio -> Nullable<Float4>,
        attempts -> Int8,
        mac -> Nullable<Macaddr>,
        scores -> Nullable<Array<Nullable<Int4>>>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    shipments (id) {
        id -> Int8,
        order_id -> Nullable<Int8>,
        shipping_method_id -> Int8,
        ratio -> Nullable<Float4>,
        attempts -> Int8,
        payload -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    shipping_methods (id) {
        id -> Int8,
        description -> Nullable<Text>,
        payload -> Bytea,
        network -> Nullable<Cidr>,
        search -> Nullable<Tsvector>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    stock_levels (warehouse_id, product_variant_id) {
        warehouse_id -> Int8,
        product_variant_id -> Int8,
        scores -> Nullable<Array<Nullable<Int4>>>,
        took -> Nullable<Interval>,
        email -> Citext,
        is_active -> Bool,
        #[max_length = 255]
        name -> Varchar,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    stock_movements (id) {
        id -> Int8,
        warehouse_id -> Int8,
        product_variant_id -> Int8,
        metadata -> Jsonb,
        labels -> Array<Nullable<Text>>,
        due_on -> Nullable<Date>,
        quantity -> Int4,
        is_active -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    stock_reservations (id) {
        id -> Int8,
        order_id -> Int8,
        product_variant_id -> Int8,
        attempts -> Int8,
        metadata -> Jsonb,
        ip -> Nullable<Inet>,
        due_on -> Nullable<Date>,
        starts_at -> Nullable<Time>,
        email -> Citext,
        token -> Uuid,
        #[sql_name = "type"]
        #[max_length = 32]
        type_ -> Varchar,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    suppliers (id) {
        id -> Int8,
        ip -> Nullable<Inet>,
        metadata -> Jsonb,
        valid_during -> Nullable<Tstzrange>,
        network -> Nullable<Cidr>,
        took -> Nullable<Interval>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    tags (id) {
        id -> Int8,
        status -> OrderStatus,
        description -> Nullable<Text>,
        email -> Citext,
        payload -> Bytea,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    tax_rates (id) {
        id -> Int8,
        email -> Citext,
        description -> Nullable<Text>,
        labels -> Array<Nullable<Text>>,
        payload -> Bytea,
        #[max_length = 3]
        currency -> Bpchar,
        status -> OrderStatus,
        weight -> Nullable<Float8>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    user_roles (user_id, role_id) {
        user_id -> Int8,
        role_id -> Int8,
        mac -> Nullable<Macaddr>,
        network -> Nullable<Cidr>,
        #[max_length = 64]
        external_id -> Nullable<Varchar>,
        took -> Nullable<Interval>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::OrderStatus;

    users (id) {
        id -> Int8,
        #[max_length = 3]
        currency -> Bpchar,
        status -> OrderStatus,
        token -> Uuid,
        payload -> Bytea,
        is_active -> Bool,
        due_on -> Nullable<Date>,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    variant_attribute_values (product_variant_id, attribute_value_id) {
        product_variant_id -> Int8,
        attribute_value_id -> Int8,
        attempts -> Int8,
        #[max_length = 255]
        name -> Varchar,
        took -> Nullable<Interval>,
        due_on -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    warehouses (id) {
        id -> Int8,
        ip -> Nullable<Inet>,
        ratio -> Nullable<Float4>,
        description -> Nullable<Text>,
        mac -> Nullable<Macaddr>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> Int8,
        webhook_id -> Int8,
        ratio -> Nullable<Float4>,
        took -> Nullable<Interval>,
        #[max_length = 255]
        name -> Varchar,
        labels -> Array<Nullable<Text>>,
        attempts -> Int8,
        token -> Uuid,
        network -> Nullable<Cidr>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Int8,
        mac -> Nullable<Macaddr>,
        scores -> Nullable<Array<Nullable<Int4>>>,
        #[max_length = 3]
        currency -> Bpchar,
        attempts -> Int8,
        labels -> Array<Nullable<Text>>,
        network -> Nullable<Cidr>,
        ip -> Nullable<Inet>,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::joinable!(addresses -> customers (customer_id));
diesel::joinable!(api_keys -> users (user_id));
diesel::joinable!(attribute_values -> attributes (attribute_id));
diesel::joinable!(audit_log -> users (user_id));
diesel::joinable!(cart_lines -> carts (cart_id));
diesel::joinable!(cart_lines -> product_variants (product_variant_id));
diesel::joinable!(carts -> customers (customer_id));
diesel::joinable!(collection_products -> collections (collection_id));
diesel::joinable!(collection_products -> products (product_id));
diesel::joinable!(coupon_redemptions -> coupons (coupon_id));
diesel::joinable!(coupon_redemptions -> orders (order_id));
diesel::joinable!(customers -> users (user_id));
diesel::joinable!(deliveries -> purchase_orders (purchase_order_id));
diesel::joinable!(delivery_lines -> deliveries (delivery_id));
diesel::joinable!(devices -> users (user_id));
diesel::joinable!(gift_cards -> customers (customer_id));
diesel::joinable!(invoice_lines -> invoices (invoice_id));
diesel::joinable!(invoices -> orders (order_id));
diesel::joinable!(job_runs -> jobs (job_id));
diesel::joinable!(login_attempts -> users (user_id));
diesel::joinable!(order_events -> orders (order_id));
diesel::joinable!(order_lines -> orders (order_id));
diesel::joinable!(order_lines -> product_variants (product_variant_id));
diesel::joinable!(orders -> customers (customer_id));
diesel::joinable!(password_resets -> users (user_id));
diesel::joinable!(payments -> orders (order_id));
diesel::joinable!(product_categories -> categories (category_id));
diesel::joinable!(product_categories -> products (product_id));
diesel::joinable!(product_images -> products (product_id));
diesel::joinable!(product_tags -> products (product_id));
diesel::joinable!(product_tags -> tags (tag_id));
diesel::joinable!(product_variants -> products (product_id));
diesel::joinable!(products -> brands (brand_id));
diesel::joinable!(purchase_order_lines -> product_variants (product_variant_id));
diesel::joinable!(purchase_order_lines -> purchase_orders (purchase_order_id));
diesel::joinable!(purchase_orders -> suppliers (supplier_id));
diesel::joinable!(refunds -> payments (payment_id));
diesel::joinable!(review_votes -> customers (customer_id));
diesel::joinable!(review_votes -> reviews (review_id));
diesel::joinable!(reviews -> customers (customer_id));
diesel::joinable!(reviews -> products (product_id));
diesel::joinable!(role_permissions -> permissions (permission_id));
diesel::joinable!(role_permissions -> roles (role_id));
diesel::joinable!(sent_emails -> email_templates (email_template_id));
diesel::joinable!(sent_emails -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(shipment_lines -> order_lines (order_line_id));
diesel::joinable!(shipment_lines -> shipments (shipment_id));
diesel::joinable!(shipments -> orders (order_id));
diesel::joinable!(shipments -> shipping_methods (shipping_method_id));
diesel::joinable!(stock_levels -> product_variants (product_variant_id));
diesel::joinable!(stock_levels -> warehouses (warehouse_id));
diesel::joinable!(stock_movements -> product_variants (product_variant_id));
diesel::joinable!(stock_movements -> warehouses (warehouse_id));
diesel::joinable!(stock_reservations -> orders (order_id));
diesel::joinable!(stock_reservations -> product_variants (product_variant_id));
diesel::joinable!(user_roles -> roles (role_id));
diesel::joinable!(user_roles -> users (user_id));
diesel::joinable!(variant_attribute_values -> attribute_values (attribute_value_id));
diesel::joinable!(variant_attribute_values -> product_variants (product_variant_id));
diesel::joinable!(webhook_deliveries -> webhooks (webhook_id));

diesel::allow_tables_to_appear_in_same_query!(
    addresses,
    api_keys,
    attribute_values,
    attributes,
    audit_log,
    brands,
    cart_lines,
    carts,
    categories,
    collection_products,
    collections,
    coupon_redemptions,
    coupons,
    customers,
    deliveries,
    delivery_lines,
    devices,
    email_templates,
    feature_flags,
    gift_cards,
    invoice_lines,
    invoices,
    job_runs,
    jobs,
    login_attempts,
    order_events,
    order_lines,
    orders,
    password_resets,
    payments,
    permissions,
    product_categories,
    product_images,
    product_tags,
    product_variants,
    products,
    purchase_order_lines,
    purchase_orders,
    refunds,
    review_votes,
    reviews,
    role_permissions,
    roles,
    sent_emails,
    sessions,
    shipment_lines,
    shipments,
    shipping_methods,
    stock_levels,
    stock_movements,
    stock_reservations,
    suppliers,
    tags,
    tax_rates,
    user_roles,
    users,
    variant_attribute_values,
    warehouses,
    webhook_deliveries,
    webhooks,
);
