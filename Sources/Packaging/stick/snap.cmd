@echo off
rem Takes a snapshot of this host and writes it beside this file. Arguments are passed on:
rem snap.cmd --help

setlocal
set "program=%~dp0windows-i686.exe"
if /i "%PROCESSOR_ARCHITECTURE%"=="AMD64" set "program=%~dp0windows-x86_64.exe"
rem A 32-bit command prompt on a 64-bit system.
if /i "%PROCESSOR_ARCHITEW6432%"=="AMD64" set "program=%~dp0windows-x86_64.exe"
rem Windows on ARM runs programs for x86-64 from Windows 11 on, and for x86 before.

if not "%~1"=="" (
    "%program%" %*
    goto end
)
rem The last character of %~dp0 is a backslash, which must not quote the quotation mark.
"%program%" -d "%~dp0."
:end
set "status=%errorlevel%"
if "%~1"=="" (
    if "%status%"=="0" (
        echo The snapshot is on the stick. Eject the stick before you pull it out.
    ) else (
        echo No snapshot was written.
    )
)
rem A window that a double click opened stays until a key is pressed.
echo %cmdcmdline% | find /i "/c" >nul && if "%~1"=="" pause
exit /b %status%
