// Which inventory is read when nobody names one. In a file of its own: the command line needs the name and nothing else.
export const USUAL_INVENTORY = 'inventory/';
