/**
 * From a prompt to what the transformer attends to: cleaning, token ids, the UMT5 encoder (SPEC 2,
 * 3).
 */
@NullMarked
package org.t3jvm.model.text;

import org.jspecify.annotations.NullMarked;
