/** Prompts to context rows, and the cache of those that recur (SPEC 3 and 17). */
@NullMarked
package org.t3jvm.model.prompt;

import org.jspecify.annotations.NullMarked;
