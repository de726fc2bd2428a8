-- part 1
-- the rows of public.events_2 can't come back
CREATE TABLE public.events_2 (
    id bigint NOT NULL,
    at date NOT NULL,
    note text,
    CONSTRAINT events_2_pkey PRIMARY KEY (id, at)
);
CREATE INDEX events_2_note_idx ON public.events_2 USING btree (note);
ALTER TABLE public.events ATTACH PARTITION public.events_2 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
