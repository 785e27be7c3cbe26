/** What to make: a request and what it starts from. */
@NullMarked
package org.t3jvm.model.job;

import org.jspecify.annotations.NullMarked;
