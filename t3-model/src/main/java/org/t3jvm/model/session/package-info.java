/** A model opened on a backend: what jobs come to on it, and runs whose state is kept. */
@NullMarked
package org.t3jvm.model.session;

import org.jspecify.annotations.NullMarked;
