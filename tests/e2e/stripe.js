// A stand-in for https://js.stripe.com/endive/stripe.js, as little of it as a card form needs: fields that only it reads,
// and tokens that come from Stripe's own address.
window.Stripe = (publishableKey) => {
  const LABELS = { cardNumber: "Card number", cardExpiry: "Expiry", cardCvc: "CVV" };
  const COMPLETE = { cardNumber: /^[0-9 ]{14,23}$/, cardExpiry: /^[0-9]{2} ?\/ ?[0-9]{2}$/, cardCvc: /^[0-9]{3,4}$/ };
  const values = {};

  function create(type, options) {
    const field = document.createElement("input");
    const heard = {};
    field.setAttribute("aria-label", LABELS[type]);
    field.style.color = options.style.base.color;
    field.addEventListener("input", () => {
      values[type] = field.value;
      heard.change?.({ complete: COMPLETE[type].test(field.value) });
    });
    for (const name of ["focus", "blur"]) field.addEventListener(name, () => heard[name]?.());
    return {
      on: (name, listener) => (heard[name] = listener),
      mount: (place) => place.append(field),
      update: ({ style }) => (field.style.color = style.base.color),
      focus: () => field.focus(),
      clear: () => (field.value = ""),
      destroy: () => field.remove(),
    };
  }

  async function post(address, form) {
    const body = new URLSearchParams({ key: publishableKey, ...form });
    const reply = await fetch(`https://api.stripe.com${address}`, { method: "POST", body });
    return reply.json();
  }

  return {
    elements: () => ({ create }),
    createPaymentMethod: async ({ billing_details }) => {
      const { postal_code } = billing_details.address;
      const answer = await post("/v1/payment_methods", { number: values.cardNumber, expiry: values.cardExpiry, cvc: values.cardCvc, postal_code });
      return answer.error ? answer : { paymentMethod: answer };
    },
    createToken: async () => {
      const answer = await post("/v1/tokens", { cvc: values.cardCvc });
      return answer.error ? answer : { token: answer };
    },
  };
};
