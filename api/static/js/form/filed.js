// The form as it was filed: only looked at.

import { start as previews } from './preview.js';

previews();
