// What our own button sends: not RFC 8058's body, so that a scanner that presses every button is told from a mail program that was asked to.
export const formField = 'unsubscribe';
export const formValue = 'yes';
