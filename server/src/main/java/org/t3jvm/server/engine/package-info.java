/** The engine as the server uses it: jobs whose files have no folders, made and planned. */
@NullMarked
package org.t3jvm.server.engine;

import org.jspecify.annotations.NullMarked;
