// The token of a one-time link stands after #, which browsers do not send; it goes into the form, and out of the address.
const field = document.querySelector("#token");
if (location.hash.length > 1) {
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
