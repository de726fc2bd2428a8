alter type colour add value 'red';
