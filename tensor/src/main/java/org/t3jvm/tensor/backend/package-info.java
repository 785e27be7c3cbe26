/**
 * The seam between graphs and the machines that run them: a {@link
 * org.t3jvm.tensor.backend.BackendProvider} is found by {@link java.util.ServiceLoader}, opens a
 * {@link org.t3jvm.tensor.backend.Backend}, which compiles a graph into a {@link
 * org.t3jvm.tensor.backend.Program}.
 */
@NullMarked
package org.t3jvm.tensor.backend;

import org.jspecify.annotations.NullMarked;
