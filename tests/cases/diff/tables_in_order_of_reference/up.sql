-- part 1
CREATE TABLE public.z (
    id integer NOT NULL,
    CONSTRAINT z_pkey PRIMARY KEY (id)
);
CREATE TABLE public.a (
    id integer NOT NULL,
    z integer,
    self integer,
    CONSTRAINT a_pkey PRIMARY KEY (id),
    CONSTRAINT a_self_fkey FOREIGN KEY (self) REFERENCES public.a(id),
    CONSTRAINT a_z_fkey FOREIGN KEY (z) REFERENCES public.z(id)
);
CREATE TABLE public.m (
    id integer NOT NULL,
    a integer,
    CONSTRAINT m_pkey PRIMARY KEY (id),
    CONSTRAINT m_a_fkey FOREIGN KEY (a) REFERENCES public.a(id) ON DELETE CASCADE
);
