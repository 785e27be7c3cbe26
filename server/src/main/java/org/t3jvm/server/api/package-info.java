/** What the server answers: one class a group of paths. */
@NullMarked
package org.t3jvm.server.api;

import org.jspecify.annotations.NullMarked;
