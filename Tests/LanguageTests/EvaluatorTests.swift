import Testing

@testable import Language

@Suite struct EvaluatorTests {
    static let scope = Scope(variables: [
        "k": .number(3), "name": .string("pico"), "list": .list([.number(1), .number(2), .number(6)]),
        "w": .word("teacher"),
        "later": .unknown,
    ]) { parts in
        switch parts {
        case ["r", "acc1"]: .value(.number(0.25))
        case let parts where parts[0] == "r": .unknownField(known: ["acc1", "acc5", "cka"])
        default: .unknownHandle(known: ["r", "teacher"])
        }
    }

    func value(_ text: String) throws -> Value {
        let source = Source(name: "test.pcl", text: "print \(text)")
        guard case .complete(let statements) = Parser.parse(source), case .invocation(let call) = statements[0].form
        else {
            Issue.record("\(Parser.parse(source))")
            return .unknown
        }
        return try Evaluator(source: source, scope: Self.scope).value(of: call.values[0])
    }

    @Test(arguments: [
        ("(1 + 2 * 3 - 4 / 2)", Value.number(5)),
        ("(7 % 3)", .number(1)),
        ("(-7 % 3)", .number(2)),
        ("(2 - -$k)", .number(5)),
        ("(max(1, $list, 4))", .number(6)),
        ("(min($list))", .number(1)),
        ("(mean($list))", .number(3)),
        ("(mean([1, $k, 2 * 4]))", .number(4)),
        ("(len([]) + len([\n[1], 2]))", .number(2)),
        ("([1, r.acc1])", .list([.number(1), .number(0.25)])),
        ("(std($list))", .number(7.0.squareRoot())),
        ("(len($list) + len($name))", .number(7)),
        ("(round(2.345, 2))", .number(2.35)),
        ("(round(2.5))", .number(3)),
        ("(r.acc1 >= 0.25 and not false)", .boolean(true)),
        ("(false and 1 / 0 == 1)", .boolean(false)),
        ("($name + \"-clip\" == \"pico-clip\")", .boolean(true)),
        ("($w == \"teacher\")", .boolean(true)),
        ("(\"a\" < \"b\")", .boolean(true)),
        ("(1 == \"1\")", .boolean(false)),
        ("\"${name}-$k of $list\"", .string("pico-3 of [1, 2, 6]")),
        ("./${name}.h5", .path("./pico.h5")),
        ("1..3", .list([.number(1), .number(2), .number(3)])),
        ("1..$k", .list([.number(1), .number(2), .number(3)])),
        ("$k..4", .list([.number(3), .number(4)])), ("$k..$k", .list([.number(3)])), ("1..$later", .unknown),
        ("[a, $k, true]", .list([.word("a"), .number(3), .boolean(true)])),
        ("($later > 1)", .unknown),
        ("(false and $later)", .boolean(false)),
        ("(max(1, $later))", .unknown),
        ("\"$later\"", .unknown),
    ])
    func evaluates(text: String, expected: Value) throws {
        #expect(try value(text) == expected)
    }

    @Test(arguments: [
        ("$nmae", "E207"), ("(r.acc)", "E208"), ("(r)", "E208"), ("(s.acc1)", "E202"), ("(k)", "E202"),
        ("(1 + true)", "E212"),
        ("(not 1)", "E212"), ("(1 / 0)", "E213"), ("(max())", "E212"), ("(len(1))", "E212"), ("(mean(\"a\"))", "E212"),
        ("3..1", "E121"), ("1..100000000", "E121"), ("1..$name", "E121"), ("$k..1", "E121"),
        ("(round(1, 0.5))", "E212"),
        ("1..$nmae", "E207"), ("(-\"a\")", "E212"), ("(round(1, 2, 3))", "E212"),
    ])
    func refuses(text: String, code: String) throws {
        let error = #expect(throws: Diagnostic.self) { try value(text) }
        #expect(error?.code.rawValue == code)
    }
}
