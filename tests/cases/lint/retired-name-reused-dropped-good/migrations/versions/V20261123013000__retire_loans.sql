--! retires = ["loans"]
select 1;
