/** How the stages of a run report what they do, and stop when they are asked to. */
@NullMarked
package org.t3jvm.model.progress;

import org.jspecify.annotations.NullMarked;
