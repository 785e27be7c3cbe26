@echo off
rem Starts T3 JVM with the Java runtime beside it.
rem   JAVA_OPTS, T3_JAVA_OPTS   more flags for the JVM
rem A prompt keeps its exclamation marks.
setlocal EnableExtensions DisableDelayedExpansion
set "T3=%~dp0.."
rem The user's own flags come last and win; of collectors there can be only one. `set` prints what is set as it
rem is, quotation marks and ampersands included, where `echo` would have them read again.
set "COLLECTOR=-XX:+UseParallelGC"
(set JAVA_OPTS & set T3_JAVA_OPTS) 2>nul | findstr /r /c:"-XX:+Use.*GC" >nul && set "COLLECTOR="
"%T3%\runtime\bin\java.exe" ^
  --add-modules=jdk.incubator.vector ^
  --enable-native-access=ALL-UNNAMED ^
  --sun-misc-unsafe-memory-access=allow ^
  -XX:MaxNewSize=128m ^
  -XX:CompileThresholdScaling=4 -XX:CompileCommand=quiet ^
  "-XX:CompileCommand=CompileThresholdScaling,org/t3jvm/tensor/cpu/*.*,0.25" ^
  %COLLECTOR% %JAVA_OPTS% %T3_JAVA_OPTS% ^
  -cp "%T3%\lib\*" org.t3jvm.cli.Main %*
exit /b %ERRORLEVEL%
