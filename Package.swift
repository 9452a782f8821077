// swift-tools-version: 6.2
import PackageDescription

// Layers are strict: a target imports only targets listed above it.
// Row numbers follow the table in CONTRIBUTING.md.

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error), .enableUpcomingFeature("InternalImportsByDefault")]

func systemLibrary(_ name: String, pkgConfig: String, apt: [String]) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt(apt)])
}

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "proclip",
    products: [
        .library(name: "ProCLIP", targets: ["ProCLIP"]),
        .executable(name: "proclip", targets: ["proclip-cli"]),
        .executable(name: "proclip-bench", targets: ["proclip-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        // Row 0: system libraries, SIMD kernels.
        systemLibrary("COpenBLAS", pkgConfig: "openblas", apt: ["libopenblas-dev"]),
        systemLibrary("CHDF5", pkgConfig: "hdf5-serial", apt: ["libhdf5-dev"]),
        systemLibrary("CReadline", pkgConfig: "readline", apt: ["libreadline-dev"]),
        systemLibrary(
            "CImageCodecs", pkgConfig: "libpng",
            apt: ["libpng-dev", "libdeflate-dev", "libturbojpeg0-dev", "libwebp-dev"]),
        systemLibrary("CGlyphs", pkgConfig: "harfbuzz", apt: ["libharfbuzz-dev", "libfreetype-dev"]),
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-Wall", "-Werror"])]),
        .target(name: "CSignals"),
        // Row 1: values; text.
        library("Tensors", ["COpenBLAS", "CKernels"]),
        library("Language", []),
        // Row 2: gradients; files.
        library("Autodiff", ["Tensors", "CKernels"]),
        library("Archive", ["Tensors", "CHDF5", .product(name: "Crypto", package: "swift-crypto")]),
        // Row 3: data to tensors; layers.
        library("Inputs", ["Tensors", "Archive", "CImageCodecs", "CGlyphs", "CKernels"]),
        library("Layers", ["Tensors", "Autodiff", "Archive"]),
        // Row 4: networks; losses and optimisers.
        library("Towers", ["Tensors", "Autodiff", "Archive", "Inputs", "Layers"]),
        library("Learning", ["Tensors", "Autodiff", "Layers", "CKernels"]),
        // Row 5: the method.
        library("ProCLIP", ["Tensors", "Autodiff", "Archive", "Inputs", "Layers", "Towers", "Learning", "CKernels"]),
        // Rows 6 to 9: replies, sessions, shell, programs.
        library("Rendering", ["Language"]),
        library(
            "Sessions",
            ["Language", "Rendering", "ProCLIP", "Tensors", "Archive", "Inputs", "Towers", "Learning", "Layers"]),
        library("Shell", ["Sessions", "ProCLIP", "Tensors", "Language", "Rendering", "CReadline", "CSignals"]),
        .executableTarget(
            name: "proclip-cli",
            dependencies: [
                "Shell", "Sessions", "Language", "Rendering",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "proclip-bench",
            dependencies: [
                "ProCLIP", "Towers", "Learning", "Inputs", "Layers", "Autodiff", "Tensors",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        // Tests, a target a module; fixtures lie in the folder Fixtures of their test target.
        .target(
            name: "TestSupport", dependencies: ["Tensors", "Autodiff", "Archive"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .executableTarget(
            name: "crash-writer", dependencies: ["Archive", "Tensors"], path: "Tests/CrashWriter",
            swiftSettings: strict),
        tests("Tensors", ["CKernels"], exclude: ["Fixtures"]),
        tests("Language", [], exclude: ["Fixtures"]),
        tests("Autodiff", ["Tensors", "Archive"], exclude: ["Fixtures"]),
        tests(
            "Archive", ["Tensors", "crash-writer"], exclude: ["Fixtures", "exchange_with_h5py.py", "make_wheel.py"]),
        tests("Inputs", ["Tensors", "Archive"], exclude: ["Fixtures"]),
        tests("Layers", ["Tensors", "Autodiff", "Archive"], exclude: ["Fixtures"]),
        tests("Towers", ["Tensors", "Autodiff", "Archive", "Inputs", "Layers", "Learning"], exclude: ["Fixtures"]),
        tests("Learning", ["Tensors", "Autodiff", "Archive", "Layers"], exclude: ["Fixtures"]),
        tests(
            "ProCLIP", ["Tensors", "Autodiff", "Archive", "Inputs", "Layers", "Towers", "Learning"],
            exclude: ["Fixtures"]),
        tests("Rendering", [], exclude: ["Fixtures"]),
        tests(
            "Sessions", ["Language", "Rendering", "ProCLIP", "Archive", "Tensors", "Inputs", "Towers"],
            exclude: ["Fixtures"]),
        tests("Shell", ["Sessions", "Language"], exclude: ["Fixtures", "drive_terminal.py"]),
    ]
)
