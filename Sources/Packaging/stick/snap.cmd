@echo off
rem Takes a snapshot of this host and writes it beside this file. Arguments are passed on:
rem snap.cmd --help

rem No blocks in parentheses and no expansion by exclamation marks: folders and arguments may have both.
setlocal enableextensions disabledelayedexpansion
set "name=windows-i686.exe"
if /i "%PROCESSOR_ARCHITECTURE%"=="AMD64" set "name=windows-x86_64.exe"
rem A 32-bit command prompt on a 64-bit system.
if /i "%PROCESSOR_ARCHITEW6432%"=="AMD64" set "name=windows-x86_64.exe"
rem Windows on ARM runs programs for x86-64 from Windows 11 on, and for x86 before.
set "program=%~dp0%name%"

if not "%~1"=="" goto arguments
if not exist "%program%" goto missing
rem %~dp0 ends in a backslash, which must not quote the quotation mark: two are one.
"%program%" -d "%~dp0\"
set "status=%errorlevel%"
if "%status%"=="0" echo snap.cmd: the snapshot is on the stick. Eject the stick before you pull it out.>&2
if not "%status%"=="0" echo snap.cmd: not everything was written; see the message above.>&2
goto key

:arguments
if not exist "%program%" goto missing
"%program%" %*
exit /b %errorlevel%

:missing
echo snap.cmd: %name% is missing; see README.txt>&2
set "status=1"
if not "%~1"=="" exit /b %status%

:key
rem A window that a double click opened stays until a key is pressed: its command is cmd.exe /c "FILE".
setlocal enabledelayedexpansion
set "census_command=!cmdcmdline!"
if not defined census_command exit /b %status%
for /f "tokens=2" %%w in ('set census_command') do if /i "%%w"=="/c" pause
exit /b %status%
