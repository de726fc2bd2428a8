//! Every type that maps.
#![allow(dead_code, reason = "fields are there to be mapped")]

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::SystemTime;

use bigdecimal::BigDecimal;
use chrono::prelude::*;
use migrate_build::{Domain, PgEnum, Table};
use postgres_range::Range;
use rust_decimal::Decimal as Money;
use tokio_postgres::types::{Date as OrNever, Json, PgLsn, Timestamp as OrEver};
use uuid::{self, Uuid};

type Id = i64;

#[derive(PgEnum)]
enum Mood {
    Sad,
    SoSo,
}

#[derive(Domain)]
#[domain(check = "VALUE ~ '@'")]
struct Email(String);

#[derive(Table)]
#[table(no_row)]
struct Everything<'a> {
    a_bool: bool,
    a_char: i8,
    a_i16: i16,
    a_i32: i32,
    a_i64: i64,
    a_oid: u32,
    a_f32: f32,
    a_f64: f64,
    a_string: String,
    a_str: &'a str,
    a_box: Box<str>,
    a_cow: Cow<'a, str>,
    a_smol: smol_str::SmolStr,
    a_bytes: Vec<u8>,
    a_slice: &'a [u8],
    a_block: [u8; 16],
    a_alias: Id,
    chrono_date: NaiveDate,
    chrono_time: NaiveTime,
    chrono_local: NaiveDateTime,
    chrono_utc: DateTime<Utc>,
    chrono_qualified: chrono::DateTime<chrono::FixedOffset>,
    time_date: time::Date,
    time_time: time::Time,
    time_local: time::PrimitiveDateTime,
    time_utc: time::OffsetDateTime,
    jiff_date: jiff::civil::Date,
    jiff_time: jiff::civil::Time,
    jiff_local: jiff::civil::DateTime,
    jiff_utc: jiff::Timestamp,
    std_time: SystemTime,
    or_never: OrNever<NaiveDate>,
    or_ever: OrEver<DateTime<Utc>>,
    a_uuid: Uuid,
    a_uuid_too: uuid::Uuid,
    a_json: serde_json::Value,
    a_typed_json: Json<Vec<String>>,
    a_decimal: Money,
    a_big: BigDecimal,
    an_address: IpAddr,
    an_inet: cidr::IpInet,
    a_cidr: cidr::IpCidr,
    a_mac: eui48::MacAddress,
    a_point: geo_types::Point<f64>,
    a_rect: geo_types::Rect<f64>,
    a_path: geo_types::LineString<f64>,
    bits: bit_vec::BitVec,
    a_lsn: PgLsn,
    i32s: Range<i32>,
    i64s: Range<i64>,
    times: Range<DateTime<Utc>>,
    locals: Range<NaiveDateTime>,
    hash: HashMap<String, Option<String>>,
    list: Vec<i32>,
    list_of_options: Vec<Option<Uuid>>,
    list_of_moods: Vec<Mood>,
    maybe_list: Option<Vec<DateTime<Utc>>>,
    array: [f64; 3],
    boxed: Box<[Money]>,
    maybe: Option<String>,
    maybe_mood: Option<Mood>,
    mood: Mood,
    email: Email,
    maybe_email: std::option::Option<Email>,
    r#type: String,
    #[column(sql_type = "int[][]")]
    given: Vec<Vec<i32>>,
    #[column(sql_type = "varchar(20)")]
    given_too: Option<Strange>,
}
