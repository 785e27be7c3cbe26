/** Jobs in memory: which one computes, which wait, and what happens in each. */
@NullMarked
package org.t3jvm.server.queue;

import org.jspecify.annotations.NullMarked;
