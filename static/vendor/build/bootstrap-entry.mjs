// The parts of Bootstrap's script that a page uses, by their data attributes.
import "bootstrap/js/dist/dropdown.js";
import "bootstrap/js/dist/offcanvas.js";
