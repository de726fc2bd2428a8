-- part 1
CREATE TABLE public.events_rest (
    id bigint NOT NULL,
    at date NOT NULL,
    note text,
    CONSTRAINT events_rest_pkey PRIMARY KEY (id, at)
);
CREATE INDEX events_rest_note_idx ON public.events_rest USING btree (note);
ALTER TABLE public.events ATTACH PARTITION public.events_rest DEFAULT;
