// libpng and libjpeg-turbo: picture decoding. Imported by Inputs only.
#pragma once
#include <png.h>
#include <turbojpeg.h>
