-- part 1
CREATE TABLE public.events (
    id bigint NOT NULL,
    at date NOT NULL,
    note text,
    CONSTRAINT events_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE public.events_1 (
    id bigint NOT NULL,
    at date NOT NULL,
    note text,
    CONSTRAINT events_1_pkey PRIMARY KEY (id, at)
);
CREATE INDEX events_note_idx ON ONLY public.events USING btree (note);
CREATE INDEX events_1_note_idx ON public.events_1 USING btree (note);
ALTER TABLE public.events ATTACH PARTITION public.events_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
