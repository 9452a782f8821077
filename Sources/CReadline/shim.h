// GNU readline: line editing, history, completion. Imported by Shell only.
#pragma once
#include <stdio.h>
#include <readline/history.h>
#include <readline/readline.h>
