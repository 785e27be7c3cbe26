/** JSON of jobs and of the records that hold them. */
@NullMarked
package org.t3jvm.model.json;

import org.jspecify.annotations.NullMarked;
