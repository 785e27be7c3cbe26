/**
 * Finding, naming and checking the files of a model, and opening them: upstream's layout,
 * diffusers', single files.
 */
@NullMarked
package org.t3jvm.model.files;

import org.jspecify.annotations.NullMarked;
