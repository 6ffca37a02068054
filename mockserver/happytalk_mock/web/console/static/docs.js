// Starts Swagger UI for the document that the page names. The admin token, where there is one, goes along.

const place = document.getElementById("swagger-ui");
const token = sessionStorage.getItem("happytalk-mock-admin-token");
const goesAlong = (url) => new URL(url, location.href).pathname.startsWith("/__admin");

window.ui = SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: false,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  persistAuthorization: false,
  requestInterceptor: (request) => {
    if (token !== null && goesAlong(request.url)) request.headers.Authorization = `Bearer ${token}`;
    return request;
  },
});
