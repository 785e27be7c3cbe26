/**
 * Many prompts in one go: files of prompts, which of them a run makes, and the manifest of what
 * became of each.
 */
@NullMarked
package org.t3jvm.model.batch;

import org.jspecify.annotations.NullMarked;
