--! rendered-from = "sha256:a1f0a7f388bb16834a36cebeaf348963a2b181faf7a44757178cf9a356050776"
alter table books add column price numeric;
