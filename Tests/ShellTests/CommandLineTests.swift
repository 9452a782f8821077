import Testing

/// The program without a terminal: where output goes, and what it ends with.
@Suite struct CommandLineTests {
    @Test func runsStatementsOfTheCommandLine() throws {
        let result = try Program.run("-c", #"let x=2; print "x is $x"; print "done""#)
        #expect(result.output == "x is 2\ndone\n")
        #expect(result.error == "")
        #expect(result.status == 0)
    }

    @Test func readsStatementsFromStandardInput() throws {
        let result = try Program.run(input: "# a comment\nprint \"one\"\nprint \"two\"\n")
        #expect(result.output == "one\ntwo\n")
        #expect(result.status == 0)
        #expect(try Program.run(input: "").status == 0)
    }

    @Test func quitEndsWithoutTheRest() throws {
        let result = try Program.run("-c", #"print "a"; quit; print "b""#)
        #expect(result.output == "a\n")
        #expect(result.status == 0)
    }

    @Test func pointsAtAMistakeBeforeAnyWork() throws {
        let result = try Program.run("-c", #"print "never"; pint x"#)
        #expect(result.output == "")
        #expect(result.error.hasPrefix("-c:1: print \"never\"; pint x\n"))
        #expect(result.error.contains("^^^^ "))
        #expect(result.error.contains("did you mean: print"))
        #expect(result.status == 2)
    }

    @Test(arguments: [(#"print "fine""#, 0), ("print 1 +", 2), ("assert 1 > 2", 3), ("include ./missing.pcl", 4)])
    func endsWithTheDocumentedStatus(statements: String, status: Int32) throws {
        let result = try Program.run("-c", statements)
        #expect(result.status == status, "\(result.output)\(result.error)")
        #expect(result.error.isEmpty == (status == 0))
    }

    @Test func wrongUseEndsWithTwo() throws {
        for arguments in [["--unknown"], ["run"], ["run", "x.pcl", "--unknown"], ["--format", "xml"], ["surplus"]] {
            let result = try Program.run(arguments)
            #expect(result.status == 2, "\(arguments)")
            #expect(result.error.contains("Usage: proclip"))
            #expect(result.output == "")
        }
    }

    /// Who forgets the word `run` is told it.
    @Test func aFileAloneIsNoCommand() throws {
        let result = try Program.run("/etc/hostname")
        #expect(result.status == 2)
        #expect(result.error.hasSuffix("To replay a recipe write: proclip run /etc/hostname\n"), "\(result.error)")
    }

    @Test func helpAndVersionEndWithZero() throws {
        let version = try Program.run("--version")
        #expect(version.output.hasPrefix("proclip "))
        #expect(version.status == 0)
        let help = try Program.run("run", "--help")
        #expect(help.output.contains("--dry"))
        #expect(help.status == 0)
    }

    @Test func writesAJSONObjectForEachStatement() throws {
        let result = try Program.run("--format", "json", "-c", #"print "hello"; assert 1 > 2; print "never""#)
        #expect(result.status == 3)
        #expect(result.error == "")
        #expect(result.lines.count == 2)
        let first = try #require(result.lines.first)
        #expect(first["n"] as? Int == 1)
        #expect(first["verb"] as? String == "print")
        #expect(first["seconds"] is Double)
        #expect((first["result"] as? [String: Any])?["blocks"] is [Any])
        let error = try #require(result.lines.last?["error"] as? [String: Any])
        #expect(error["code"] as? String == "E301")
        #expect(error["message"] is String)
        #expect(error["span"] is [String: Any])
    }

    @Test func replaysARecipe() throws {
        let files = ["r.pcl": "param name=\"world\" \"whom to greet\"\nprint \"hello $name\"\n"]
        #expect(try Program.run("run", "r.pcl", files: files).output == "hello world\n")
        #expect(try Program.run("run", "r.pcl", "-p", "name=moon", files: files).output == "hello moon\n")
        let parameters = try Program.run("run", "r.pcl", "--params", "--format", "csv", files: files)
        #expect(
            parameters.output == """
                parameter,value,default,meaning
                name,\"\"\"world\"\"\",\"\"\"world\"\"\",whom to greet

                """)
        for wrong in ["name", "nme=moon"] {
            #expect(try Program.run("run", "r.pcl", "-p", wrong, files: files).status == 2)
        }
    }

    @Test func checksARecipeAsAWhole() throws {
        let files = ["bad.pcl": "print \"one\"\nprint $nothing\nlod x\n", "good.pcl": "print \"one\"\n"]
        let bad = try Program.run("run", "bad.pcl", files: files)
        #expect(bad.output == "")
        #expect(bad.error.contains("bad.pcl:2: ") && bad.error.contains("bad.pcl:3: "))
        #expect(bad.status == 2)
        let dry = try Program.run("run", "good.pcl", "--dry", files: files)
        #expect(dry.output == "")
        #expect(dry.status == 0)
        #expect(try Program.run("run", "bad.pcl", "--dry", files: files).status == 2)
    }

    @Test func namesAMissingRecipe() throws {
        let result = try Program.run("run", "none.pcl")
        #expect(result.error.contains("there is no recipe none.pcl"))
        #expect(result.status == 4)
    }

    @Test func writesNoEscapesOffATerminal() throws {
        let result = try Program.run("-c", "help; lod")
        #expect(!(result.output + result.error).contains("\u{1B}"))
    }

    @Test func survivesAwkwardInput() throws {
        let long = "print '" + String(repeating: "x", count: 1_000_000) + "'\n"
        #expect(try Program.run(input: long).status == 0)
        #expect(try Program.run(input: "print 'open\n").status == 2)
        #expect(try Program.run(input: "\u{0}\u{FFFD}").status == 2)
        for (input, status, part) in [("/dev", 1, "Is a directory"), (Program.path, 2, "is not UTF-8 text")] {
            let result = try Program.run("-c", "include \(input)")
            #expect(result.status == status, "\(result.error)")
            #expect(result.error.contains(part))
        }
    }

    @Test func checksASavedSession() throws {
        let recipe = "print 1.5\n#> 1.5\nprint 2\n#> 3\n"
        let result = try Program.run(["check", "a.pcl"], files: ["a.pcl": recipe])
        #expect(result.status == 3)
        #expect(result.output == "a.pcl: 1 of 2 outputs differs\n")
        #expect(
            result.error == """
                a.pcl:3: print 2
                         ^^^^^^^ it does not answer what a.pcl keeps
                         proclip check --write keeps the new answer, set tolerance=... allows more        [E302]
                - 3
                + 2

                """)
        #expect(try Program.run(["check", "a.pcl"], files: ["a.pcl": "print 2\n#> 2\n"]).status == 0)
        #expect(try Program.run(["check", "a.pcl"], files: ["a.pcl": "pint 2\n#> 2\n"]).status == 2)
        #expect(try Program.run(["check", "missing.pcl"]).status == 4)
    }

    @Test func savesAReplay() throws {
        let result = try Program.run(["run", "a.pcl", "--save", "a.txt"], files: ["a.pcl": "print 2"])
        #expect(result.status == 2)
        #expect(result.output == "")
        #expect(try Program.run(["run", "a.pcl", "--save", "a.ipynb"], files: ["a.pcl": "print 2"]).status == 0)
    }
}
