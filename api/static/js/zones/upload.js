// The form of an upload: which layer it goes to makes the address, and one effect for all features is a fact of the form.

import { byId } from '../dom.js';

const form = byId('upload');
byId('which').addEventListener('change', (event) => { location.assign(`/zones/new${event.target.value ? `?layer=${encodeURIComponent(event.target.value)}` : ''}`); });
byId('new-code')?.addEventListener('input', (event) => { form.dataset.send = `POST /api/v1/zones/layers/${encodeURIComponent(event.target.value)}/versions`; });
byId('effect')?.querySelectorAll('option').forEach((option) => { if (option.value) option.value = `effect=${option.value}`; });
