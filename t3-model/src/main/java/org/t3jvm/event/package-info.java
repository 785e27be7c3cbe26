/** What a run reports while it is made, and how it is stopped. */
@NullMarked
package org.t3jvm.event;

import org.jspecify.annotations.NullMarked;
