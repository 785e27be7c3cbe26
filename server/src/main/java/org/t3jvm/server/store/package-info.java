/** Jobs on disk: one folder each, which is whole at any instant. */
@NullMarked
package org.t3jvm.server.store;

import org.jspecify.annotations.NullMarked;
